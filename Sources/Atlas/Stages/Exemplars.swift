import AtlasModel
import Catalog
import Fingerprint
import HDF5
import Parallel
import Similarity
import Statistics

extension BuildContext {
    /// The exemplars of each rock type, in class order.
    /// - Parameter predictions: of all pictures of the catalogue, calibrated; `nil` without a network.
    func exemplars(of catalogue: Catalogue, _ predictions: [Prediction]?) throws -> [Exemplars] {
        var groups = [[Int]](repeating: [], count: types.count)
        for (index, image) in catalogue.images.enumerated() {
            if let label = image.label { groups[label].append(index) }
        }
        let stage = Stage.centrality(catalogue, groups: groups, self)
        let distances = try value(of: stage, progress: { _, _ in }).value
        return groups.map { members in
            Exemplars(
                members: members, meanDistances: members.map { distances[$0] },
                margins: predictions.map { all in members.map { all[$0].margin } })
        }
    }
}

extension Stage<[Double]> {
    /// Raised when the same pictures and labels give other distances.
    private static var revision: Int { 1 }

    /// The mean distance of each picture to the others of its group; NaN for a picture of no group.
    fileprivate static func centrality(
        _ catalogue: Catalogue, groups: [[Int]], _ context: BuildContext
    ) -> Stage {
        let (vectors, workers) = (catalogue.vectors, context.workers)
        return Stage(
            .classify,
            cachedIn: CacheEntry(
                file: "centrality.h5",
                key: CacheKey(
                    .classify, revision: revision,
                    [
                        "pictures": .digest(Fingerprint(of: vectors.bytes)),
                        "groups": .texts(groups.map { $0.description }),
                    ]),
                read: { try HDF5File.read($0) { try $0.numbers("distances").values } },
                write: { distances, path in
                    try HDF5File.write(path) {
                        try $0.numbers("distances", distances, shape: [distances.count])
                    }
                }),
            make: { _ in
                let found = try Centrality.meanDistances(vectors, groups: groups, workers: workers)
                var distances = [Double](repeating: .nan, count: vectors.count)
                for (members, values) in zip(groups, found) {
                    for (member, value) in zip(members, values) { distances[member] = value }
                }
                return distances
            })
    }
}

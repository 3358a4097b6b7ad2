import AtlasModel
import Catalog
import Parallel
import Similarity
import Statistics

extension Exemplars {
    /// The exemplars of each rock type, in class order.
    /// - Parameters:
    ///   - predictions: of all pictures of the catalogue, calibrated.
    ///   - types: number of rock types.
    static func chosen(
        from catalogue: Catalogue, _ predictions: [Prediction], types: Int, workers: Workers
    ) throws -> [Exemplars] {
        var groups = [[Int]](repeating: [], count: types)
        for (index, image) in catalogue.images.enumerated() {
            if let label = image.label { groups[label].append(index) }
        }
        let distances = try Centrality.meanDistances(
            catalogue.vectors, groups: groups, workers: workers)
        return zip(groups, distances).map { members, distances in
            Exemplars(
                members: members, meanDistances: distances,
                margins: members.map { predictions[$0].margin })
        }
    }
}

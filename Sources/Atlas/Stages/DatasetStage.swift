import AtlasModel
import Catalog
import Fingerprint

extension Stage<Void> {
    /// Raised when the layout of `dataset.h5` changes.
    private static var revision: Int { 1 }

    /// Writes the labelled pictures to `dataset.h5` of the workspace.
    static func dataset(_ catalogue: Catalogue, _ context: BuildContext) -> Stage {
        let (types, workers) = (context.types, context.workers)
        return Stage(
            .dataset,
            cachedIn: CacheEntry(
                file: "dataset.h5",
                key: CacheKey(
                    .dataset, revision: revision,
                    ["pictures": .digest(catalogue.digest(types: types))]),
                read: { _ in },
                write: {
                    try catalogue.writeDataset(
                        to: $1, rockTypes: types, turns: false, workers: workers)
                }),
            make: { _ in })
    }
}

extension Catalogue {
    /// Digest of all pictures: keys, labels, split and model vectors.
    func digest(types: [RockType]) -> Fingerprint {
        digest(of: Array(images.indices), types: types)
    }

    /// Digest of the pictures at `indices`, in that order.
    func digest(of indices: [Int], types: [RockType]) -> Fingerprint {
        let names = indices.map { index in
            let image = images[index]
            let label = image.label.map { types[$0].label } ?? ""
            return "\(image.key)\n\(label)\n\(image.split.rawValue)\n"
        }
        let chosen = indices.count == images.count ? vectors : vectors.selecting(indices)
        return Fingerprint(ofParts: [names.joined(), Fingerprint(of: chosen.bytes).hex])
    }
}

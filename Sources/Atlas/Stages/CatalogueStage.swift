import AtlasModel
import Catalog
import Messages

/// A collection, and how to split it.
package struct CollectionSource: Sendable {
    /// An archive or a folder.
    package let path: String
    /// Shares of the training, dev and test set, in any scale.
    package let shares: [Double]

    package init(path: String, shares: [Double]) {
        self.path = path
        self.shares = shares
    }
}

/// Which collection to read, and how.
struct CollectionRequest {
    /// An archive or a folder.
    let path: String
    /// Shares of the training, dev and test set, in any scale.
    let shares: [Double]
    var corrections = Corrections()
    /// Folders that do not belong to the collection. They may be inside or outside it.
    var leavingOut: [String] = []

    init(path: String, shares: [Double]) {
        self.path = path
        self.shares = shares
    }

    init(_ source: CollectionSource) { self.init(path: source.path, shares: source.shares) }
}

/// A collection that was read: the collection itself, and its catalogue.
struct LoadedCollection {
    /// The path as the user gave it, for messages.
    let path: String
    let collection: Collection
    let catalogue: Catalogue

    var images: [ImageRecord] { catalogue.images }
}

extension BuildContext {
    /// Opens and reads a collection, as the stage `catalogue`.
    ///
    /// The results of decoding are cached in the workspace, so that unchanged files are decoded
    /// once. Keys, labels and the split are computed in every build.
    /// - Throws: `CatalogError`.
    mutating func load(_ request: CollectionRequest) throws -> LoadedCollection {
        try load(
            request, from: try Collection.open(request.path, leavingOut: request.leavingOut))
    }

    /// Reads a collection that is open already.
    mutating func load(_ request: CollectionRequest, from collection: Collection) throws
        -> LoadedCollection
    {
        let context = self
        let stage = Stage<Catalogue>(.catalogue) { progress in
            let readings = try context.value(
                of: .readings(of: collection, context), progress: progress)
            return try collection.catalogue(
                of: readings.value, rockTypes: context.types, corrections: request.corrections,
                shares: request.shares)
        }
        let catalogue = try run(stage) { found in
            let (images, errata) = (found.value.images.count, found.value.errata.count)
            return "\(counted(images, "picture")), \(counted(errata, "erratum", "errata"))"
        }
        return LoadedCollection(path: request.path, collection: collection, catalogue: catalogue)
    }
}

extension Stage<Readings> {
    /// Decodes the pictures of a collection.
    static func readings(of collection: Collection, _ context: BuildContext) -> Stage {
        let workers = context.workers
        let family = CacheKey(.catalogue, revision: Readings.revision, [])
        return Stage(
            .catalogue,
            updating: CacheEntry(
                file: "pictures.h5",
                key: CacheKey(
                    .catalogue, revision: Readings.revision,
                    ["files": .digest(collection.fingerprint)]),
                family: family,
                read: Readings.init(contentsOf:), write: { try $0.write(to: $1) }),
            make: { try collection.readings(earlier: $0, workers: workers, progress: $1) })
    }
}

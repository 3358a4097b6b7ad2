package import AtlasModel
import Catalog
import Fingerprint
import Foundation
import Messages
import Site

/// A collection, where its types are named, and how to split it.
package struct CollectionSource: Sendable {
    /// Archives and folders, at least one.
    package let paths: [String]
    /// Shares of the training, dev and test set, in any scale.
    package let shares: [Double]
    /// Folder with `atlas.yml`; `nil` for the one that a build would take.
    package var content: String?
    /// What decides the split; `nil` for what the settings say.
    package var split: SplitRule?

    package init(
        paths: [String], shares: [Double], content: String? = nil, split: SplitRule? = nil
    ) {
        self.paths = paths
        self.shares = shares
        self.content = content
        self.split = split
    }
}

/// Which collection to read, and how.
struct CollectionRequest {
    /// Archives and folders, at least one.
    let paths: [String]
    /// Shares of the training, dev and test set, in any scale.
    let shares: [Double]
    var corrections = Corrections()
    /// Digests of model vectors by the keys of the last build.
    var remembered: [String: Fingerprint] = [:]
    /// Folders that do not belong to the collection. They may be inside or outside it.
    var leavingOut: [String] = []
    /// Verdicts on duplicates; `nil` for those beside the settings.
    var verdicts: Verdicts?
    /// Metadata from outside the collection; `nil` for the tables that the settings name.
    var tables: [MetadataTable]?

    init(paths: [String], shares: [Double]) {
        self.paths = paths
        self.shares = shares
    }

    init(_ source: CollectionSource) { self.init(paths: source.paths, shares: source.shares) }
}

/// A collection that was read: the collection itself, and its catalogue.
struct LoadedCollection {
    /// The path as the user gave it, for messages.
    let path: String
    let collection: Collection
    let catalogue: Catalogue
    /// The rock types in class order.
    let types: [RockType]
    /// What somebody has decided about pairs of pictures.
    let verdicts: [DuplicateVerdict]
    /// For each picture the version of its file; `nil` if it is not known. To look them up takes time.
    let versions: [Fingerprint?]

    var images: [ImageRecord] { catalogue.images }

    /// Whether every file that is listed could be read.
    var isSettled: Bool { !catalogue.errata.contains { $0.kind == .unreadableFile } }

    /// The same collection with other groups, which decide the split.
    func grouped(by groups: PictureGroups) -> LoadedCollection {
        LoadedCollection(
            path: path, collection: collection, catalogue: catalogue.grouped(by: groups),
            types: types, verdicts: verdicts, versions: versions)
    }
}

extension BuildContext {
    /// Tells of corrections whose key meant another picture in the last build.
    private func tellMovedCorrections(_ catalogue: Catalogue, _ request: CollectionRequest) {
        guard !request.remembered.isEmpty, !catalogue.corrections.isEmpty else { return }
        let corrected = Set(catalogue.corrections.map(\.key))
        let indices = catalogue.images.indices.filter {
            corrected.contains(catalogue.images[$0].key)
        }
        let digests = catalogue.vectors.selecting(indices).digests
        for (index, digest) in zip(indices, digests) {
            let image = catalogue.images[index]
            guard let before = request.remembered[image.key], before != digest else { continue }
            narrator.warn(
                "labels.csv corrects \(image.key), which is another picture than in the last build "
                    + "(now \(image.path)). Check that line.")
        }
    }

    /// Largest number of folders without a type that are named one by one.
    private static let foldersTold = 10

    /// Reads a collection that is open, as the stage `catalogue`.
    ///
    /// The results of decoding are cached in the workspace, so that unchanged files are decoded
    /// once. Keys, labels and the split are computed in every build.
    /// - Throws: `CatalogError`.
    mutating func load(_ request: CollectionRequest, from collection: Collection) throws
        -> LoadedCollection
    {
        let context = self
        let tables = try request.tables ?? MetadataTable.tables(of: settings)
        let verdicts = try request.verdicts ?? Verdicts.read(beside: settings)
        let stage = Stage<Catalogue>(.catalogue) { progress in
            let readings = try context.value(
                of: .readings(of: collection, context), progress: progress)
            return try collection.catalogue(
                of: readings.value, rockTypes: context.types, corrections: request.corrections,
                division: Division(shares: request.shares, rule: context.settings.split),
                remembered: request.remembered,
                metadata: MetadataSources(
                    tables: tables, specimens: context.settings.specimens))
        }
        let catalogue = try run(stage) { found in
            let (images, errata) = (found.value.images.count, found.value.errata.count)
            return "\(counted(images, "picture")), \(counted(errata, "erratum", "errata"))"
        }
        (catalogue.notes + verdicts.notes).forEach(narrator.warn)
        let matched = verdicts.matched(
            keys: catalogue.images.map(\.key), paths: catalogue.images.map(\.path))
        tellMovedCorrections(catalogue, request)
        let unknown = catalogue.errata.filter { $0.kind == .folderWithoutType }
        for erratum in unknown.prefix(Self.foldersTold) { narrator.warn("\(erratum)") }
        if unknown.count > Self.foldersTold {
            let more = counted(unknown.count - Self.foldersTold, "more folder")
            narrator.warn("\(more) with pictures have names that are no rock types.")
        }
        return LoadedCollection(
            path: collection.path, collection: collection,
            catalogue: catalogue.adding(matched.errata), types: types, verdicts: matched.verdicts,
            versions: catalogue.images.map { collection.version(at: $0.path) })
    }
}

extension Stage<Readings> {
    /// Decodes the pictures of a collection.
    static func readings(of collection: Collection, _ context: BuildContext) -> Stage {
        let (workers, memory) = (context.workers, context.memory)
        let withPositions = context.settings.copies.keepsMetadata
        let positions = CacheKey.Field(name: "positions", value: .flag(withPositions))
        let family = CacheKey(.catalogue, revision: Readings.revision, [positions])
        return Stage(
            .catalogue,
            updating: CacheEntry(
                file: "pictures.h5",
                key: CacheKey(
                    .catalogue, revision: Readings.revision,
                    [
                        .init(name: "files", value: .digest(collection.fingerprint)),
                        .init(name: "memory", value: .integer(context.settings.memory)),
                        positions,
                    ]),
                family: family,
                read: Readings.init(contentsOf:), write: { try $0.write(to: $1) },
                unread: \.unread),
            join: { try Readings(joining: $0, $1) },
            make: {
                try collection.readings(
                    of: $0, earlier: $1, withPositions: withPositions, workers: workers,
                    memory: memory, progress: $2)
            })
    }
}

extension AtlasSettings {
    /// Where verdicts on duplicates may be.
    var verdictsPath: String {
        let folder = URL(filePath: file).deletingLastPathComponent().relativePath
        return "\(folder)/\(Verdicts.fileName)"
    }
}

extension Verdicts {
    /// Reads the verdicts beside the settings; none without such a file.
    /// - Throws: `AtlasError` or `CatalogError` for a file that cannot be read.
    static func read(beside settings: AtlasSettings) throws -> Verdicts {
        let path = settings.verdictsPath
        return try BuildSources.bytes(path).map { try Verdicts(table: $0, path: path) }
            ?? Verdicts()
    }
}

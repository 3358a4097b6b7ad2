import AtlasModel
import Catalog
import Fingerprint
import Grouping
import Messages
import Parallel
import Raster

extension BuildContext {
    /// Finds the pictures that belong together, as the stage `groups`, and divides them anew: a group
    /// is in one set of the split.
    mutating func grouped(_ loaded: LoadedCollection) throws -> LoadedCollection {
        let grouped = loaded.grouped(by: try groups(of: loaded))
        grouped.catalogue.copyNotes.forEach(narrator.warn)
        return grouped
    }

    /// Finds the pictures that belong together, as the stage `groups`.
    mutating func groups(of loaded: LoadedCollection) throws -> PictureGroups {
        try run(.groups(of: loaded, self)) {
            counted($0.value.members.count, "group")
                + ($0.isReused ? ", reused from an earlier build" : "")
        }
    }
}

extension Stage<PictureGroups> {
    /// Raised when the same pairs of pictures make other groups.
    private static var revision: Int { 2 }

    /// Finds the pictures that belong together.
    static func groups(of loaded: LoadedCollection, _ context: BuildContext) -> Stage {
        let workers = context.workers
        let catalogue = loaded.catalogue
        let keys = catalogue.images.map(\.key)
        let specimens = catalogue.specimenNames
        let identities = loaded.identities
        let search = GroupSearch(
            GroupingInput(
                catalogue.vectors, images: catalogue.images, specimens: specimens,
                identities: identities, verdicts: loaded.verdicts,
                detail: loaded.detail(memory: context.memory)))
        let comparison = Stage<ComparedPictures>.comparison(search, of: identities, workers)
        return Stage(
            .groups,
            cachedIn: CacheEntry(
                file: "groups.h5",
                key: CacheKey(
                    .groups, revision: revision,
                    [
                        "comparison": .integer(Stage<ComparedPictures>.revision),
                        "pictures": .texts(identities), "keys": .texts(keys),
                        "specimens": .texts(specimens),
                        "verdicts": .texts(
                            loaded.verdicts.flatMap { [keys[$0.a], keys[$0.b], $0.word] }),
                    ]),
                read: GroupsFile.read, write: { try GroupsFile.write($1, keys: keys, $0) }),
            make: { progress in
                let compared = try context.value(of: comparison, progress: progress).value
                return try search.groups(of: compared, workers: workers)
            })
    }
}

extension Stage<ComparedPictures> {
    /// Raised when the same pictures make other pairs.
    fileprivate static var revision: Int { 4 }

    /// Compares the pictures: after an earlier build only with those that are new.
    fileprivate static func comparison(
        _ search: GroupSearch, of identities: [String], _ workers: Workers
    ) -> Stage {
        let key = CacheKey(
            .groups, revision: revision, ["pictures": .texts(identities)])
        return Stage(
            .groups,
            updating: CacheEntry(
                file: "compared.h5", key: key, family: key.without(["pictures"]),
                read: ComparedFile.read, write: { try ComparedFile.write($1, $0) }),
            join: { try search.joined($0, $1, workers: workers) },
            make: { try search.compared($0, updating: $1, workers: workers, progress: $2) })
    }
}

extension LoadedCollection {
    /// For each picture the version of its file and the digest of its pixels.
    fileprivate var identities: [String] {
        zip(versions, images).map { "\($0?.hex ?? "") \($1.digest)" }
    }

    /// Reads a picture with more details than its model vector has.
    func detail(memory: DecodingMemory) -> GroupingInput.ReadDetail {
        let (collection, images) = (collection, catalogue.images)
        let request = GroupingInput.request(memory: memory)
        return { picture in
            let image = images[picture]
            return try memory.holding(fileOf: image.byteCount) {
                try Picture.decode(collection.bytes(at: image.path), request).picture.pixels
            }
        }
    }
}

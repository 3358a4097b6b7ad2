import AtlasModel
import Catalog
import Fingerprint
import Grouping
import Messages
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
    /// Raised when the same pictures get other groups.
    private static var revision: Int { 1 }

    /// Finds the pictures that belong together.
    static func groups(of loaded: LoadedCollection, _ context: BuildContext) -> Stage {
        let workers = context.workers
        let catalogue = loaded.catalogue
        let keys = catalogue.images.map(\.key)
        let specimens = catalogue.specimenNames
        let input = GroupingInput(
            catalogue.vectors, images: catalogue.images, specimens: specimens,
            detail: loaded.detail(memory: context.memory))
        return Stage(
            .groups,
            cachedIn: CacheEntry(
                file: "groups.h5",
                key: CacheKey(
                    .groups, revision: revision,
                    [
                        "files": .digest(loaded.collection.fingerprint),
                        "pictures": .digest(Fingerprint(of: catalogue.vectors.bytes)),
                        "keys": .texts(keys), "specimens": .texts(specimens),
                    ]),
                read: GroupsFile.read, write: { try GroupsFile.write($1, keys: keys, $0) }),
            make: { try GroupSearch(input).groups(workers: workers, progress: $0) })
    }
}

extension LoadedCollection {
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

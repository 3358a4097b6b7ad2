import AtlasModel
import Catalog
import Fingerprint
import Grouping
import Messages

extension BuildContext {
    /// Finds the pictures that belong together, as the stage `groups`, and divides them anew: a group
    /// is in one set of the split.
    mutating func grouped(_ loaded: LoadedCollection) throws -> LoadedCollection {
        let grouped = loaded.grouped(by: try groups(of: loaded.catalogue))
        grouped.catalogue.copyNotes.forEach(narrator.warn)
        return grouped
    }

    /// Finds the pictures that belong together, as the stage `groups`.
    mutating func groups(of catalogue: Catalogue) throws -> PictureGroups {
        try run(.groups(of: catalogue, self)) {
            counted($0.value.members.count, "group")
                + ($0.isReused ? ", reused from an earlier build" : "")
        }
    }
}

extension Stage<PictureGroups> {
    /// Raised when the same pictures get other groups.
    private static var revision: Int { 1 }

    /// Finds the pictures that belong together.
    static func groups(of catalogue: Catalogue, _ context: BuildContext) -> Stage {
        let workers = context.workers
        let digests = catalogue.images.map(\.digest)
        let specimens = catalogue.specimenNames
        return Stage(
            .groups,
            cachedIn: CacheEntry(
                file: "groups.h5",
                key: CacheKey(
                    .groups, revision: revision,
                    [
                        "pictures": .digest(Fingerprint(of: catalogue.vectors.bytes)),
                        "keys": .texts(catalogue.images.map(\.key)),
                        "specimens": .texts(specimens),
                    ]),
                read: GroupsFile.read,
                write: { try GroupsFile.write($1, keys: catalogue.images.map(\.key), $0) }),
            make: { progress in
                try GroupSearch(catalogue.vectors, digests: digests, specimens: specimens)
                    .groups(workers: workers, progress: progress)
            })
    }
}

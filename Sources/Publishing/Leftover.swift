/// What may lie in the folder of an atlas without being a file of its edition.
enum Leftover {
    static let votes = "votes"
    /// How the names of files begin that publishing itself writes at a destination.
    static let prefix = ".geoatlas-publish"
    static let lock = prefix + ".lock"
    /// The list of files that a publication which is not complete may have copied.
    static let underway = prefix + ".json"
    /// Where rsync keeps pages until all are there.
    static let delayed = ".~tmp~"

    /// Whether file managers and file servers make a file or folder of this name wherever people look:
    /// Explorer `Thumbs.db` and `desktop.ini`, Finder `.DS_Store` and `._NAME`, a NAS `@eaDir`.
    private static func isOfSystem(_ name: Substring) -> Bool {
        let names = ["thumbs.db", "desktop.ini", ".ds_store", "@eadir", ".appledouble"]
        return name.hasPrefix("._") || names.contains(name.lowercased())
    }

    /// Whether `path` may lie in the folder of an atlas without being a file of its edition.
    /// - Parameter isListed: whether the manifest lists a path.
    static func explains(_ path: String, isListed: (String) -> Bool) -> Bool {
        if path == lock || path == underway || path == ".gitkeep" || path == Manifest.fileName {
            return true
        }
        let parts = path.split(separator: "/")
        if parts.contains(where: { $0 == delayed || isOfSystem($0) }) { return true }
        // rsync writes `name` as `.name.XXXXXX` and renames it when it is whole.
        let suffix = 7
        guard let name = parts.last, name.hasPrefix("."), name.count > 1 + suffix,
            name.suffix(suffix).hasPrefix(".")
        else { return false }
        let whole = parts.dropLast() + [name.dropFirst().dropLast(suffix)]
        return isListed(whole.joined(separator: "/"))
    }
}

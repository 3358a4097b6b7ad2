/// Files that may be in the folder of an atlas without belonging to its edition.
enum Leftover {
    static let votes = "votes"
    /// Beginning of the names of files that publishing itself writes at a destination.
    static let prefix = ".geoatlas-publish"
    static let lock = prefix + ".lock"
    /// The list of files that an incomplete publication may have copied.
    static let underway = prefix + ".json"
    /// The folder in which rsync stores pages until all have arrived.
    static let delayed = ".~tmp~"

    /// Whether file managers and file servers create a file or folder with this name: Explorer
    /// `Thumbs.db` and `desktop.ini`, Finder `.DS_Store` and `._NAME`, a NAS `@eaDir`.
    private static func isOfSystem(_ name: Substring) -> Bool {
        let names = ["thumbs.db", "desktop.ini", ".ds_store", "@eadir", ".appledouble"]
        return name.hasPrefix("._") || names.contains(name.lowercased())
    }

    /// Whether `path` may be in the folder of an atlas without belonging to its edition.
    /// - Parameter isListed: whether the manifest lists a path.
    static func explains(_ path: String, isListed: (String) -> Bool) -> Bool {
        if path == lock || path == underway || path == ".gitkeep" || path == Manifest.fileName {
            return true
        }
        let parts = path.split(separator: "/")
        if parts.contains(where: { $0 == delayed || isOfSystem($0) }) { return true }
        // rsync writes `name` as `.name.XXXXXX` and renames it when it is complete.
        let suffix = 7
        guard let name = parts.last, name.hasPrefix("."), name.count > 1 + suffix,
            name.suffix(suffix).hasPrefix(".")
        else { return false }
        let whole = parts.dropLast() + [name.dropFirst().dropLast(suffix)]
        return isListed(whole.joined(separator: "/"))
    }
}

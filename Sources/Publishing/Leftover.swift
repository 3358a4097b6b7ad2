import AtlasModel

/// Files that may be in the folder of an atlas without belonging to its edition.
enum Leftover {
    static let votes = "votes"
    /// Beginning of the names of files that publishing itself writes at a destination.
    static let prefix = ".geoatlas-publish"
    static let lock = prefix + ".lock"
    /// What a destination remembers between two publications (`DestinationState`).
    static let state = prefix + ".json"
    /// The folder in which earlier versions let rsync store pages until all had arrived.
    static let delayed = ".~tmp~"

    /// Whether `path` may be in the folder of an atlas without belonging to its edition.
    /// - Parameter isListed: whether the manifest lists a path.
    static func explains(_ path: String, isListed: (String) -> Bool) -> Bool {
        if path.hasPrefix(prefix) || path == Manifest.fileName
            || LeftBehind.root(ofFile: path) != nil
        {
            return true
        }
        let parts = path.split(separator: "/")
        if parts.contains(where: { $0 == delayed }) { return true }
        return whole(ofPartial: path).map { isOwn($0) || isListed($0) } ?? false
    }

    private static func isOwn(_ path: String) -> Bool {
        path == state || path == Manifest.fileName
    }

    /// Whether `path` was left by a publication that was stopped.
    /// - Parameter isKnown: whether the file with a path was written by this program.
    static func isRemnant(_ path: String, isKnown: (String) -> Bool) -> Bool {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        if path.utf8[start ?? path.startIndex] == UInt8(ascii: ".") {
            if path.hasPrefix(lock + ".") || path == state + ".new" { return true }
            if let whole = whole(ofPartial: path), isOwn(whole) || isKnown(whole) { return true }
        }
        return path.utf8.contains(UInt8(ascii: "~"))
            && path.split(separator: "/").dropLast().contains { $0 == delayed }
    }

    /// The name under which a file is written before it is complete: `.NAME.XXXXXX`, as rsync names
    /// such files too.
    /// - Parameter mark: six letters.
    static func partial(of path: String, mark: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let name = ".\(parts.last ?? "").\(mark)"
        return (parts.dropLast() + [name[...]]).joined(separator: "/")
    }

    /// The path of the file that `path` becomes when it is complete; `nil` when `path` has another
    /// form.
    ///
    ///     Leftover.whole(ofPartial: "rocks/.1.html.Ab3xYz")  // "rocks/1.html"
    static func whole(ofPartial path: String) -> String? {
        let parts = path.split(separator: "/")
        let suffix = 7
        guard let name = parts.last, name.hasPrefix("."), name.count > 1 + suffix,
            name.suffix(suffix).hasPrefix(".")
        else { return nil }
        return (parts.dropLast() + [name.dropFirst().dropLast(suffix)]).joined(separator: "/")
    }
}

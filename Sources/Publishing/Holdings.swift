/// What a destination has before a publication.
struct Holdings: Equatable {
    /// The content of `manifest.json`; `nil` when there is none.
    var manifest: [UInt8]?
    /// The content of `Leftover.state`.
    var state: [UInt8]?
    /// The size of every regular file by its path, without `votes/`.
    var files: [String: Int] = [:]
    var folders: Set<String> = []
    /// Links, pipes, devices.
    var others: Set<String> = []
    /// Seconds since 1970 by the clock of the destination.
    var now = 0

    /// Whether there is anything under this path. A path inside of something that is not a folder
    /// counts too, because no file can be written there.
    func has(_ path: String) -> Bool {
        files[path] != nil || folders.contains(path) || obstacle(to: path) != nil
            || others.contains(path)
    }

    /// A parent of `path` that is not a folder.
    func obstacle(to path: String) -> String? {
        guard path.utf8.contains(UInt8(ascii: "/")) else { return nil }
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/") {
            parent = parent[..<slash]
            let name = String(parent)
            if folders.contains(name) { return nil }
            if files[name] != nil || others.contains(name) { return name }
        }
        return nil
    }
}

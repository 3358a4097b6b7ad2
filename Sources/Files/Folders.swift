import Foundation

/// Folders on the disk.
package enum Folders {
    /// Whether there is a folder at `path`. Links are followed.
    package static func contain(_ path: String) -> Bool { status(path)?.kind == S_IFDIR }

    /// Creates a folder and its parents if they do not exist.
    /// - Throws: `FileError`; its number is `ENOTDIR` when there is a file in its place.
    package static func make(_ path: String) throws(FileError) {
        if contain(path) { return }
        let parent = Paths.parent(of: path)
        if parent != path { try makeAbove(parent, for: path) }
        guard mkdir(path, 0o777) != 0 else { return }
        let number = errno
        // Another process may just have created it.
        if number == EEXIST, contain(path) { return }
        throw FileError(.makeFolder, path: path, number: number)
    }

    private static func makeAbove(_ parent: String, for path: String) throws(FileError) {
        do {
            try make(parent)
        } catch {
            let number = error.number == EEXIST ? ENOTDIR : error.number
            throw FileError(.makeFolder, path: path, number: number)
        }
    }

    /// Makes sure that new or changed names in a folder survive a power failure.
    ///
    /// An error is ignored, because some file systems (some network shares) cannot do that for a
    /// folder, and there is no remedy.
    package static func synchronize(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// All entries below `folder` that are not folders: files, links, pipes and devices.
    ///
    /// No link is followed, except one at `folder` itself.
    ///
    ///     try Folders.files(below: "votes")  // ["a.jsonl", "june/b.jsonl"]
    ///
    /// - Parameter enters: whether to look into a folder, given its path relative to `folder`.
    /// - Returns: paths relative to `folder`, in no particular order.
    /// - Throws: `FileError` for a folder that cannot be listed.
    package static func files(
        below folder: String, enters: (_ path: String) -> Bool = { _ in true }
    ) throws(FileError) -> [String] {
        var found: [String] = []
        var folders = [""]
        while let prefix = folders.popLast() {
            for entry in try entries(of: folder + "/" + prefix) {
                let path = prefix + entry.name
                if !entry.isFolder {
                    found.append(path)
                } else if enters(path) {
                    folders.append(path + "/")
                }
            }
        }
        return found
    }

    private static func entries(
        of folder: String
    ) throws(FileError) -> [(name: String, isFolder: Bool)] {
        guard let stream = opendir(folder) else {
            throw FileError(.list, path: folder, number: errno)
        }
        defer { closedir(stream) }
        var found: [(String, Bool)] = []
        while true {
            // Only the error number distinguishes the end of the folder from a failure.
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            found.append((name, isFolder(entry.pointee.d_type, folder + "/" + name)))
        }
        guard errno == 0 else { throw FileError(.list, path: folder, number: errno) }
        return found
    }

    /// Whether an entry is a folder. Most file systems state the type in the listing, which saves a
    /// system call.
    private static func isFolder(_ type: UInt8, _ path: String) -> Bool {
        guard Int(type) == Int(DT_UNKNOWN) else { return Int(type) == Int(DT_DIR) }
        var status = stat()
        return lstat(path, &status) == 0 && status.kind == S_IFDIR
    }
}

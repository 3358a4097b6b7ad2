import Foundation

/// Folders on the disk.
package enum Folders {
    /// Whether there is a folder at `path`; links are followed.
    package static func contain(_ path: String) -> Bool { status(path)?.kind == S_IFDIR }

    /// Makes a folder and those above it, as far as they are not there.
    /// - Throws: `FileError`; its number is `ENOTDIR` when a file is in the way.
    package static func make(_ path: String) throws(FileError) {
        if contain(path) { return }
        let parent = Paths.parent(of: path)
        if parent != path { try makeAbove(parent, for: path) }
        guard mkdir(path, 0o777) != 0 else { return }
        let number = errno
        // Another process may have made it just now.
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

    /// Sees to it that names that were added to a folder, or changed, survive a power cut.
    ///
    /// File systems that cannot do that for a folder (some network shares) refuse. Nothing can be done
    /// about it, so a refusal is no error.
    package static func synchronize(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Everything below `folder` that is no folder: files, links, pipes and devices.
    ///
    /// No link is followed, except one at `folder` itself.
    ///
    ///     try Folders.files(below: "votes")  // ["a.jsonl", "june/b.jsonl"]
    ///
    /// - Parameter enters: whether to look into a folder, given its path relative to `folder`.
    /// - Returns: paths relative to `folder`, in the order of the file system, which is none.
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
            // The end and a failure look alike but for the error number.
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

    /// Whether an entry is a folder; most file systems say so in the listing, which saves a call.
    private static func isFolder(_ type: UInt8, _ path: String) -> Bool {
        guard Int(type) == Int(DT_UNKNOWN) else { return Int(type) == Int(DT_DIR) }
        var status = stat()
        return lstat(path, &status) == 0 && status.kind == S_IFDIR
    }
}

import Files
import Foundation
import Parallel

/// Lists a local destination: one pass over its folders, with the size of every file.
enum DestinationListing {
    private struct Folder {
        var files: [(path: String, size: Int)] = []
        var folders: [String] = []
        var others: [String] = []
    }

    /// Adds the files, folders and others of `root` to `holdings`. Links are not followed.
    ///
    /// Each file is examined right after the listing of its folder. File servers send sizes along
    /// with a listing, and the system answers from them for about a second.
    /// - Throws: `PublishingError.unreadable` for a folder that cannot be listed.
    static func read(_ root: String, into holdings: inout Holdings, workers: Workers) throws {
        var level = [""]
        while !level.isEmpty {
            let prefixes = level
            let found = try workers.map(prefixes.count) { try list(prefixes[$0], in: root) }
            level = []
            holdings.files.reserveCapacity(
                found.reduce(holdings.files.count) { $0 + $1.files.count })
            for folder in found {
                for file in folder.files { holdings.files[file.path] = file.size }
                holdings.others.formUnion(folder.others)
                holdings.folders.formUnion(folder.folders)
                level += folder.folders.filter { $0 != Leftover.votes }.map { $0 + "/" }
            }
        }
    }

    private static func list(_ prefix: String, in root: String) throws -> Folder {
        let path = prefix.isEmpty ? root : root + "/" + prefix
        guard let stream = opendir(path) else {
            // A closed folder of somebody else does not concern the atlas.
            if errno == EACCES, !prefix.isEmpty { return Folder() }
            throw PublishingError.unreadable(path: path, reason: systemReason(errno))
        }
        defer { closedir(stream) }
        var folder = Folder()
        var status = stat()
        while true {
            // Only the error number distinguishes the end of the folder from a failure.
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name: String? = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    fstatat(dirfd(stream), start, &status, AT_SYMLINK_NOFOLLOW) == 0
                else { return nil }
                return String(cString: start)
            }
            // A file that was removed meanwhile has no status.
            guard let name, name != ".", name != ".." else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: folder.files.append((prefix + name, Int(status.st_size)))
            case S_IFDIR: folder.folders.append(prefix + name)
            default: folder.others.append(prefix + name)
            }
        }
        guard errno == 0 else {
            throw PublishingError.unreadable(path: path, reason: systemReason(errno))
        }
        return folder
    }
}

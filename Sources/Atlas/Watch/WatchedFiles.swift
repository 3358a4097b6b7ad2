import AtlasModel
import Files
import Foundation

/// Files and folders in which changes are noticed.
///
/// They are looked at again and again, because a network share does not report the changes that
/// other machines make.
struct WatchedFiles: Equatable {
    /// What a look at a file sees. Another content practically always changes one of these.
    struct Mark: Equatable {
        let size: Int64
        let inode: UInt64
        let seconds: Int
        let nanoseconds: Int
    }

    /// Files and folders; those that do not exist are watched too.
    let paths: [String]
    /// Folders that are left out, e.g. those that a build writes to.
    let leavingOut: [String]

    /// All files, each with its mark. Hidden files and backups of editors are left out.
    ///
    /// A folder that cannot be listed counts as a file without a mark, so that a change is noticed
    /// when it can be listed again.
    func look() -> [String: Mark?] {
        let excluded = Set(leavingOut.map(Self.absolute))
        var found: [String: Mark?] = [:]
        for path in paths {
            guard Folders.contain(path) else {
                found[path] = .some(Self.mark(path))
                continue
            }
            do {
                let files = try Folders.files(below: path) { folder in
                    Self.isWatched(folder)
                        && !excluded.contains(Self.absolute("\(path)/\(folder)"))
                }
                for file in files where Self.isWatched(file) {
                    let file = "\(path)/\(file)"
                    found[file] = .some(Self.mark(file))
                }
            } catch {
                found[error.path] = .some(nil)
            }
        }
        return found
    }

    /// The first path, in the order of their bytes, that differs between two looks; `nil` if none
    /// does.
    static func difference(
        _ before: [String: Mark?], _ after: [String: Mark?]
    ) -> String? {
        guard before != after else { return nil }
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            .min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func isWatched(_ path: String) -> Bool {
        let name = Paths.name(of: path)
        return !name.hasPrefix(".") && LeftBehind.verdict(file: name) == nil
            && !LeftBehind.isLeft(folder: name)
    }

    private static func absolute(_ path: String) -> String {
        Paths.normalized(Paths.absolute(path, in: FileManager.default.currentDirectoryPath))
    }

    private static func mark(_ path: String) -> Mark? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Mark(
            size: Int64(facts.st_size), inode: UInt64(facts.st_ino),
            seconds: facts.st_mtim.tv_sec, nanoseconds: facts.st_mtim.tv_nsec)
    }
}

import AtlasModel
import Files
import Fingerprint
import Foundation

/// Files and folders in which changes are noticed.
///
/// They are looked at again and again, because a network share does not report the changes that
/// other machines make.
struct WatchedFiles: Equatable {
    /// Files and folders; those that do not exist are watched too.
    let paths: [String]
    /// Folders that are left out, e.g. those that a build writes to.
    let leavingOut: [String]
    /// Whether to see files whose names are only likely those of leftovers. Votes are read from them,
    /// because mail programs and browsers change names: `votes (1).jsonl~`.
    var seesLikelyLeftovers = false

    /// All files, each with its facts. Hidden files and backups of editors are left out.
    ///
    /// A folder that cannot be listed counts as a file without facts, so that a change is noticed
    /// when it can be listed again.
    func look() -> [String: FileFacts?] {
        let excluded = Set(leavingOut.map(Self.absolute))
        var found: [String: FileFacts?] = [:]
        for path in paths {
            guard Folders.contain(path) else {
                found[path] = .some(FileFacts(following: path))
                continue
            }
            do {
                let files = try Folders.files(below: path) { folder in
                    Self.isWatched(folder: folder)
                        && !excluded.contains(Self.absolute("\(path)/\(folder)"))
                }
                for file in files where isWatched(file: file) {
                    let file = "\(path)/\(file)"
                    found[file] = .some(FileFacts(following: file))
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
        _ before: [String: FileFacts?], _ after: [String: FileFacts?]
    ) -> String? {
        guard before != after else { return nil }
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            .min { $0.precedes($1) }
    }

    /// A digest that changes when a look sees something else. Files are not read, so that a large or
    /// unreadable one, or a named pipe, does no harm.
    var digest: Fingerprint {
        Fingerprint(
            ofParts: look().sorted { $0.key.precedes($1.key) }.flatMap { path, facts in
                [
                    path,
                    facts.map { "\($0.size) \($0.modified) \($0.changed) \($0.number)" } ?? "",
                ]
            })
    }

    private func isWatched(file path: String) -> Bool {
        let name = Paths.name(of: path)
        guard !name.hasPrefix("."), !LeftBehind.isLeft(folder: name) else { return false }
        switch LeftBehind.verdict(file: name) {
        case nil: return true
        case .likely: return seesLikelyLeftovers
        case .certain: return false
        }
    }

    private static func isWatched(folder path: String) -> Bool {
        let name = Paths.name(of: path)
        return !name.hasPrefix(".") && LeftBehind.verdict(file: name) == nil
            && !LeftBehind.isLeft(folder: name)
    }

    private static func absolute(_ path: String) -> String {
        Paths.normalized(Paths.absolute(path, in: FileManager.default.currentDirectoryPath))
    }
}

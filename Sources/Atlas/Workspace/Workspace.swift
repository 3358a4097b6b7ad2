import Files
import Fingerprint
import Foundation

/// The cache of earlier builds: a folder that may be deleted at any time.
///
/// An entry is a file with a stamp beside it: digests of the entry's key and of the file. The stamp
/// is written last, so the entry of an interrupted build is not used. A file that was changed later
/// is not used either.
final class Workspace: Sendable {
    let folder: String
    /// Whether entries of earlier builds are ignored, so that everything is made again.
    let isForced: Bool
    /// `nil` for a workspace that is only read.
    private let lock: FileLock?

    /// Opens the workspace and locks it for this process.
    /// - Parameter isForced: whether entries of earlier builds are ignored.
    /// - Throws: `AtlasError.workspaceBusy`, or `.fileTrouble` when the folder cannot be made.
    init(_ folder: String, isForced: Bool = false) throws {
        self.folder = folder
        self.isForced = isForced
        do {
            try Folders.make(folder)
        } catch {
            throw AtlasError.fileTrouble(
                path: folder,
                reason: "the workspace cannot be made there (\(error.reason)). "
                    + "Name a folder you may write to with --workspace.")
        }
        do {
            guard let lock = try FileLock(on: folder + "/.lock", permissions: 0o644) else {
                throw AtlasError.workspaceBusy(path: folder)
            }
            self.lock = lock
        } catch let error as FileError {
            let trouble =
                error.operation == .lock
                ? "is on a file system that does not lock files" : "cannot be written to"
            throw AtlasError.fileTrouble(
                path: folder,
                reason: "the workspace \(trouble) (\(error.reason)). "
                    + "Name another one with --workspace.")
        }
    }

    /// A workspace that other processes may use. It is read, and nothing is added.
    init(reading folder: String) {
        self.folder = folder
        isForced = false
        lock = nil
    }

    /// Opens the workspace for a query. It is only read while another process has locked it, or
    /// when this process may not write to it.
    /// - Parameter warn: receives a note if new results cannot be cached.
    /// - Throws: `AtlasError.fileTrouble` when the folder does not exist and cannot be created.
    static func forQuery(_ folder: String, warn: (String) -> Void) throws -> Workspace {
        do {
            return try Workspace(folder)
        } catch AtlasError.workspaceBusy {
            warn("\(folder) is in use by another geoatlas, so nothing new is cached there.")
        } catch AtlasError.fileTrouble(let path, let trouble) {
            guard FileManager.default.isReadableFile(atPath: folder) else {
                throw AtlasError.fileTrouble(path: path, reason: trouble)
            }
            warn("\(folder) cannot be written to, so nothing new is cached there.")
        }
        return Workspace(reading: folder)
    }

    /// The value of an entry. It is read if the stamp has the entry's key; otherwise it is made and
    /// written.
    ///
    /// - Parameters:
    ///   - reporter: receives a note if the file was changed after it was written, and why a value
    ///     is made again.
    ///   - make: makes the value; the argument is the value of an earlier build of the same family.
    func value<Value>(
        of entry: CacheEntry<Value>, _ reporter: CacheReporter, make: (Value?) throws -> Value
    ) throws -> Staged<Value> {
        let path = path(of: entry.file)
        let stamp = isForced ? nil : Stamp(of: path)
        var earlier: Value?
        switch use(stamp, of: entry) {
        case .whole where stamp?.isStamp(of: path) ?? false:
            return Staged(value: try entry.read(path), isReused: true)
        case .family where stamp?.isStamp(of: path) ?? false:
            earlier = try entry.read(path)
        case .none: break
        case .whole, .family:
            reporter.warn(
                "\(path) was changed since an earlier build wrote it, and is made again.")
        }
        reporter.explain(reason(stamp, entry))
        let value = try make(earlier)
        guard lock != nil else { return Staged(value: value, isReused: false) }
        try prepare(path)
        try entry.write(value, path)
        let key = entry.unread(value).isEmpty ? entry.key : entry.key.unsettled
        try write(Stamp(key, family: entry.family, of: path), of: path)
        return Staged(value: value, isReused: false)
    }

    /// Whether the value of an entry need not be made.
    func has<Value>(_ entry: CacheEntry<Value>) -> Bool {
        let path = path(of: entry.file)
        guard let stamp = isForced ? nil : Stamp(of: path) else { return false }
        return use(stamp, of: entry) == .whole && stamp.isStamp(of: path)
    }

    /// The value of an entry if its stamp has the entry's key, else `nil`.
    /// - Parameter warn: receives a note if the file was changed after it was written.
    func reusedValue<Value>(of entry: CacheEntry<Value>, warn: (String) -> Void) throws -> Value? {
        let path = path(of: entry.file)
        let stamp = Stamp(of: path)
        guard let stamp, use(stamp, of: entry) == .whole else { return nil }
        if stamp.isStamp(of: path) { return try entry.read(path) }
        warn("\(path) was changed since an earlier build wrote it, and is made again.")
        return nil
    }

    /// What of a file an entry can use.
    private enum Use { case whole, family, none }

    private func use<Value>(_ stamp: Stamp?, of entry: CacheEntry<Value>) -> Use {
        guard let stamp else { return .none }
        if stamp.key == entry.key.digest.hex { return .whole }
        return entry.family.map { stamp.family == $0.digest.hex } ?? false ? .family : .none
    }

    /// Why the value of an entry is made, for `--explain`.
    private func reason<Value>(_ stamp: Stamp?, _ entry: CacheEntry<Value>) -> String {
        guard !isForced else { return "\(entry.file): made again, because of --force" }
        guard let stamp else { return "\(entry.file): made, because there is none yet" }
        let changed = entry.key.changes(since: stamp.fields)
        return changed.isEmpty
            ? "\(entry.file): made again, because the file was changed"
            : "\(entry.file): made again, because of other \(changed.joined(separator: ", "))"
    }

    /// Path of a file of the workspace.
    func path(of file: String) -> String { "\(folder)/\(file)" }

    /// Name of the file that contains the path of the network of the last build.
    private static let networkNote = "network.txt"

    /// Records the network of this build, for commands that need one.
    /// - Parameter path: as the user gave it, or the path of an entry.
    /// - Throws: `AtlasError.fileTrouble`.
    func note(network path: String) throws {
        let note = "\(folder)/\(Self.networkNote)"
        // The path is written relative to the workspace, so that the folder can be moved, and tells
        // nothing of this machine.
        let inside = folder + "/"
        let here = FileManager.default.currentDirectoryPath
        let place =
            path.hasPrefix(inside)
            ? String(path.dropFirst(inside.count))
            : Paths.relative(
                Paths.absolute(path, in: here),
                to: URL(filePath: folder).resolvingSymlinksInPath().path)
        do {
            try AtomicFile.write(Array(place.utf8), to: note)
        } catch {
            throw AtlasError.fileTrouble(path: note, reason: error.reason + ".")
        }
    }

    /// Path of the network of the last build with the workspace `folder`.
    /// - Throws: `AtlasError.noNetwork`.
    static func network(in folder: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(networkNote)") else {
            throw AtlasError.noNetwork(workspace: folder)
        }
        let place = String(decoding: data, as: UTF8.self)
        let path = place.hasPrefix("/") ? place : "\(folder)/\(place)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw AtlasError.noNetwork(workspace: folder)
        }
        return path
    }

    /// Creates the folder of a file and removes the stamp of an earlier file.
    private func prepare(_ path: String) throws {
        do {
            try Folders.make(Paths.parent(of: path))
            if FileManager.default.fileExists(atPath: Stamp.path(of: path)) {
                try FileManager.default.removeItem(atPath: Stamp.path(of: path))
            }
        } catch {
            throw AtlasError.fileTrouble(path: path, reason: systemReason(of: error) + ".")
        }
    }

    private func write(_ stamp: Stamp, of path: String) throws {
        do {
            try AtomicFile.write(Array(stamp.text.utf8), to: Stamp.path(of: path))
        } catch {
            throw AtlasError.fileTrouble(path: Stamp.path(of: path), reason: error.reason + ".")
        }
    }
}

/// Receives what the workspace says about its entries.
struct CacheReporter {
    /// A file was changed after it was written.
    let warn: (String) -> Void
    /// Why an entry is made again.
    var explain: (String) -> Void = { _ in }
}

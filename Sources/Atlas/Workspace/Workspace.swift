import Files
import Fingerprint
import Foundation

/// The cache of earlier builds: a folder that may be deleted at any time.
///
/// An entry is a file with a stamp beside it: the digest of the entry's key and the digest of the
/// file. The stamp is written last, so the entry of an interrupted build is not used. A file that
/// was changed later is not used either.
final class Workspace: Sendable {
    let folder: String
    /// `nil` for a workspace that is only read.
    private let lock: FileLock?

    /// Opens the workspace and locks it for this process.
    /// - Throws: `AtlasError.workspaceBusy`, or `.fileTrouble` when the folder cannot be made.
    init(_ folder: String) throws {
        self.folder = folder
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

    /// A workspace that another process has locked. It is read, and nothing is added.
    private init(reading folder: String) {
        self.folder = folder
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
    /// - Parameter warn: receives a note if the file was changed after it was written.
    func value<Value>(
        of entry: CacheEntry<Value>, warn: (String) -> Void, make: () throws -> Value
    ) throws -> Staged<Value> {
        if let value = try reusedValue(of: entry, warn: warn) {
            return Staged(value: value, isReused: true)
        }
        let path = path(of: entry.file)
        let value = try make()
        guard lock != nil else { return Staged(value: value, isReused: false) }
        try prepare(path)
        try entry.write(value, path)
        try setStamp(Self.stamp(entry.key.digest, of: path), of: path)
        return Staged(value: value, isReused: false)
    }

    /// The value of an entry if its stamp has the entry's key, else `nil`.
    /// - Parameter warn: receives a note if the file was changed after it was written.
    func reusedValue<Value>(of entry: CacheEntry<Value>, warn: (String) -> Void) throws -> Value? {
        let path = path(of: entry.file)
        let digest = entry.key.digest
        guard let stamp = stamp(of: path), stamp.hasPrefix(digest.hex) else { return nil }
        if stamp == Self.stamp(digest, of: path) { return try entry.read(path) }
        warn("\(path) was changed since an earlier build wrote it, and is made again.")
        return nil
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
        // A path below the workspace is written relative to it, so that the folder can be moved.
        let inside = folder + "/"
        let place =
            path.hasPrefix(inside)
            ? String(path.dropFirst(inside.count)) : URL(filePath: path).standardizedFileURL.path
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

    /// The content of the stamp of a file that was made from `digest`.
    private static func stamp(_ digest: Fingerprint, of path: String) -> String {
        let content = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            .withUnsafeBytes { Fingerprint(of: $0) }.hex
        return "\(digest.hex) \(content ?? "missing")"
    }

    private func stampPath(_ path: String) -> String { path + ".stamp" }

    private func stamp(of path: String) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return FileManager.default.contents(atPath: stampPath(path))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Creates the folder of a file and removes the stamp of an earlier file.
    private func prepare(_ path: String) throws {
        do {
            try Folders.make(Paths.parent(of: path))
            if FileManager.default.fileExists(atPath: stampPath(path)) {
                try FileManager.default.removeItem(atPath: stampPath(path))
            }
        } catch {
            throw AtlasError.fileTrouble(path: path, reason: systemReason(of: error) + ".")
        }
    }

    private func setStamp(_ text: String, of path: String) throws {
        do {
            try AtomicFile.write(Array(text.utf8), to: stampPath(path))
        } catch {
            throw AtlasError.fileTrouble(path: stampPath(path), reason: error.reason + ".")
        }
    }
}

import Fingerprint
import Foundation
import Publishing
import Site
import Synchronization

/// The folder an edition is written to: files are replaced only where they changed, and what the
/// last edition left and this one does not need is removed. Files of anybody else stay.
///
/// New paths are noted in a journal first, so that what an interrupted build left behind is removed
/// by the next one.
final class OutputFolder: Sendable {
    private struct State {
        var files: [Manifest.File] = []
        var folders: Set<String> = []
        var unchanged = 0
        /// Whether a path was noted in the journal.
        var hasNotes = false
    }

    /// What a file that replaces another is called until it is whole.
    private static let unfinished = ".new"

    private let root: String
    private let earlier: Set<String>
    private let journal: Int32
    /// Whether an earlier build was interrupted.
    private let hadJournal: Bool
    private let state = Mutex(State())

    /// - Throws: `AtlasError.outputTaken` for a folder with files that are no atlas;
    ///   `AtlasError.fileTrouble` when it cannot be made or written.
    init(_ root: String) throws {
        self.root = root
        do {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        } catch {
            throw AtlasError.fileTrouble(
                path: root,
                reason: "the folder cannot be made (\(reason(of: error))). "
                    + "Name another with --output.")
        }
        earlier = try Self.earlierFiles(root)
        let path = root + "/" + Manifest.buildJournal
        hadJournal = access(path, F_OK) == 0
        journal = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o644)
        guard journal >= 0 else { throw Self.trouble(path) }
        guard flock(journal, LOCK_EX | LOCK_NB) == 0 else {
            close(journal)
            throw AtlasError.outputBusy(path: root)
        }
    }

    deinit {
        // A build that failed before it wrote anything leaves the folder as it was.
        if !hadJournal, state.withLock({ $0.files.isEmpty && !$0.hasNotes }) { unlink(journalPath) }
        close(journal)
    }

    private var journalPath: String { root + "/" + Manifest.buildJournal }

    /// Paths that an earlier edition or an interrupted build wrote.
    private static func earlierFiles(_ root: String) throws -> Set<String> {
        let manager = FileManager.default
        var known: Set<String> = []
        let manifest = root + "/" + Manifest.fileName
        let journal = root + "/" + Manifest.buildJournal
        if manager.fileExists(atPath: manifest) {
            do {
                known = Set(try Manifest.read(in: root).files.map(\.path))
            } catch is PublishingError {
                throw AtlasError.outputDamaged(path: root, manifest: manifest)
            }
        } else if !manager.fileExists(atPath: journal) {
            let foreign = try manager.contentsOfDirectory(atPath: root)
                .filter { !$0.hasPrefix(".") && $0 != "votes" }
            guard foreign.isEmpty else { throw AtlasError.outputTaken(path: root) }
        }
        if let noted = manager.contents(atPath: journal) {
            // The last line may have been cut short.
            known.formUnion(
                String(decoding: noted, as: UTF8.self).split(
                    separator: "\n", omittingEmptySubsequences: false
                ).dropLast().map(String.init).filter(Manifest.accepts))
            for path in known { unlink(root + "/" + path + unfinished) }
        }
        return known
    }

    /// Where Site writes to; may be used from several threads.
    var sink: Sink { Sink { path, bytes in try self.write(path, bytes) } }

    /// Files that were there already with the same content.
    var unchanged: Int { state.withLock { $0.unchanged } }

    private func write(_ path: String, _ bytes: [UInt8]) throws {
        let same = try earlier.contains(path) ? renewed(path, bytes) : added(path, bytes)
        state.withLock { state in
            state.files.append(
                Manifest.File(path: path, size: bytes.count, digest: Fingerprint(of: bytes)))
            if same { state.unchanged += 1 }
        }
    }

    /// Writes a file that an earlier edition had; whether it was there with this content.
    private func renewed(_ path: String, _ bytes: [UInt8]) throws -> Bool {
        if Self.holds(root + "/" + path, bytes) { return true }
        try makeFolder(of: path)
        try Self.store(root + "/" + path, bytes)
        return false
    }

    /// Writes a file that no earlier edition had; whether somebody else left it with this content.
    private func added(_ path: String, _ bytes: [UInt8]) throws -> Bool {
        try makeFolder(of: path)
        try note(path)
        let full = root + "/" + path
        // Most files are new, and then this is all there is to do.
        let file = open(full, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
        if file >= 0 {
            try Self.fill(file, full, as: full, bytes)
            return false
        }
        guard errno == EEXIST else { throw Self.trouble(full) }
        if Self.holds(full, bytes) { return true }
        try Self.store(full, bytes)
        return false
    }

    /// Writes the manifest and removes what no longer belongs to the atlas.
    /// - Returns: the manifest, and the size of the atlas in bytes.
    func finish() throws -> (manifest: Manifest, bytes: Int) {
        let manifest = try Manifest(state.withLock { $0.files })
        let text = manifest.bytes()
        let path = root + "/" + Manifest.fileName
        if !Self.holds(path, text) { try Self.store(path, text) }
        let current = Set(manifest.files.map(\.path))
        for old in earlier.subtracting(current).sorted() { try remove(old) }
        try FileManager.default.removeItem(atPath: root + "/" + Manifest.buildJournal)
        return (manifest, manifest.files.reduce(text.count) { $0 + $1.size })
    }

    private func note(_ path: String) throws {
        let line = Array((path + "\n").utf8)
        state.withLock { $0.hasNotes = true }
        let written = Foundation.write(journal, line, line.count)
        guard written == line.count else { throw Self.trouble(root + "/" + Manifest.buildJournal) }
    }

    private func makeFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/") else { return }
        let folder = String(path[..<slash])
        if state.withLock({ $0.folders.contains(folder) }) { return }
        try requireInside(path)
        try Self.makeFolder(root + "/" + folder)
        // Noted when it is there; until then another thread makes it too, which does no harm.
        state.withLock { _ = $0.folders.insert(folder) }
    }

    /// Refuses a path that a link in the atlas would lead out of it.
    private func requireInside(_ path: String) throws {
        var folder = root
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            var facts = stat()
            if lstat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK {
                throw AtlasError.linkInOutput(path: folder)
            }
        }
    }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AtlasError.fileTrouble(
                path: path, reason: "the folder cannot be made (\(reason(of: error))).")
        }
    }

    /// Removes a file and the folders it leaves empty.
    private func remove(_ path: String) throws {
        try requireInside(path)
        guard unlink(root + "/" + path) == 0 || errno == ENOENT else {
            throw Self.trouble(root + "/" + path)
        }
        var folder = path
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            if rmdir(root + "/" + folder) != 0 { return }
        }
    }

    /// Whether the file has this content already.
    private static func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_size == bytes.count else { return false }
        var stored = [UInt8](repeating: 0, count: bytes.count)
        var position = 0
        while position < stored.count {
            let count = stored.withUnsafeMutableBytes {
                read(file, $0.baseAddress?.advanced(by: position), bytes.count - position)
            }
            guard count > 0 else { return false }
            position += count
        }
        return stored == bytes
    }

    /// Writes a new file; one that is there is replaced as a whole.
    private static func store(_ path: String, _ bytes: [UInt8]) throws {
        let replaces = access(path, F_OK) == 0
        let target = replaces ? path + unfinished : path
        let file = open(target, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw trouble(path) }
        try fill(file, path, as: target, bytes)
        guard !replaces || rename(target, path) == 0 else { throw trouble(path) }
    }

    /// Writes the content of an open file and closes it.
    /// - Parameter target: what it is called until it is whole.
    private static func fill(_ file: Int32, _ path: String, as target: String, _ bytes: [UInt8])
        throws
    {
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(
                    file, $0.baseAddress?.advanced(by: position), bytes.count - position)
            }
            guard count > 0 else {
                let failure = trouble(path)
                close(file)
                unlink(target)
                throw failure
            }
            position += count
        }
        guard close(file) == 0 else { throw trouble(path) }
    }

    private static func trouble(_ path: String) -> AtlasError {
        .notWritten(path: path, reason: String(cString: strerror(errno)))
    }
}

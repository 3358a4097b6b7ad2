import AtlasModel
import Files
import Fingerprint
import Foundation
import Parallel
import Publishing
import Site
import Synchronization

/// The folder that an edition is written to. Only files that changed are written. Files that belong
/// to the last edition and not to this one are removed. All other files stay.
///
/// A journal lists every path before a file is added there, and every path to be removed before the
/// manifest drops it. So the next build can remove the files of an interrupted build, at whichever
/// point it was interrupted. A file gets its final name only when it is complete.
///
/// The record of the last build says what each file was made from. A file that would be made from the
/// same, and has not been touched since, is neither made nor read.
final class OutputFolder: Sendable {
    /// Suffix of a file's name until the file is complete.
    private static let partialSuffix = ".new"

    private let root: String
    /// Paths that the last edition or an interrupted build may have written.
    private let earlier: Set<String>
    /// The locked journal.
    private let journal: FileLock
    /// Whether an earlier build was interrupted.
    private let hadNotes: Bool
    /// What the last build wrote; empty when nothing is known of it.
    private let record: OutputRecord
    /// Digest of the program, which is part of the source of every file.
    private let program: Fingerprint
    private let edition = EditionFiles()
    /// Whether this build wrote to the journal.
    private let wroteNotes = Atomic<Bool>(false)

    /// - Parameters:
    ///   - record: what the last build wrote there; it need not be true.
    ///   - program: digest of the program: another version may make other files of the same source.
    /// - Throws: `AtlasError.outputBusy` while another build writes there, `.outputTaken` for a folder
    ///   with files that do not belong to an atlas, `.fileTrouble` when it cannot be made,
    ///   `.notWritten`, `.outputDamaged`.
    init(
        _ root: String, record: OutputRecord = .empty, program: Fingerprint = Fingerprint(of: "")
    ) throws {
        self.root = root
        self.record = record
        self.program = program
        do {
            try Folders.make(root)
        } catch {
            throw AtlasError.fileTrouble(
                path: root,
                reason: "the folder cannot be made (\(error.reason)). "
                    + "Name another one with --output.")
        }
        let path = "\(root)/\(Manifest.buildJournal)"
        let lock: FileLock?
        do {
            lock = try FileLock(on: path, permissions: 0o644)
        } catch {
            if error.number == ELOOP { throw AtlasError.linkInOutput(path: path) }
            guard error.operation == .lock else {
                throw AtlasError.notWritten(path: path, reason: error.reason)
            }
            throw AtlasError.fileTrouble(
                path: root,
                reason:
                    "the file system does not lock files (\(error.reason)), so two builds could "
                    + "damage the atlas. Build to a local folder, and publish that.")
        }
        guard let lock else { throw AtlasError.outputBusy(path: root) }
        do {
            let notes = try Self.notes(path)
            hadNotes = !notes.isEmpty
            earlier = try Self.earlierFiles(root, notes: notes)
        } catch {
            // An empty journal has no meaning for the next build.
            if (try? Self.notes(path).isEmpty) == true { lock.removeFile() }
            throw error
        }
        journal = lock
    }

    deinit {
        // If the build failed before it wrote anything, the folder is left unchanged.
        if !hadNotes, edition.count == 0, !wroteNotes.load(ordering: .relaxed) {
            journal.removeFile()
        }
    }

    private func path(of file: String) -> String { "\(root)/\(file)" }

    /// The paths in the journal of an interrupted build.
    private static func notes(_ journal: String) throws -> [String] {
        guard case .content(let bytes) = try RegularFile.read(journal) else { return [] }
        // The last line may be incomplete.
        return String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).dropLast().map(String.init).filter(Manifest.accepts)
    }

    /// Paths that the last edition or an interrupted build wrote.
    private static func earlierFiles(_ root: String, notes: [String]) throws -> Set<String> {
        var known: Set<String> = []
        let manifest = "\(root)/\(Manifest.fileName)"
        if FileManager.default.fileExists(atPath: manifest) {
            do {
                known = Set(try Manifest.read(in: root).files.map(\.path))
            } catch is PublishingError {
                throw AtlasError.outputDamaged(path: root, manifest: manifest)
            }
        } else if notes.isEmpty {
            let others = try FileManager.default.contentsOfDirectory(atPath: root)
                .filter {
                    !$0.hasPrefix(".") && $0 != Manifest.votesFolder
                        && LeftBehind.verdict(file: $0) != .certain
                        && !LeftBehind.isLeft(folder: $0)
                }
            guard others.isEmpty else { throw AtlasError.outputTaken(path: root) }
        }
        guard !notes.isEmpty else { return known }
        known.formUnion(notes)
        for path in known { unlink("\(root)/\(path)\(partialSuffix)") }
        return known
    }

    /// Whether the folder holds what the last build left there, and no build has been interrupted
    /// since.
    func isUntouched(workers: Workers) throws -> Bool {
        guard !hadNotes, earlier.count + 1 == record.files.count, record[Manifest.fileName] != nil
        else { return false }
        guard Set(earlier.map(Self.folder(of:))).allSatisfy({ link(above: $0) == nil }) else {
            return false
        }
        let isTouched = Atomic<Bool>(false)
        try workers.forEachWaitingRange(of: record.files.count, chunk: 512) { range in
            guard !isTouched.load(ordering: .relaxed) else { return }
            let isSame = record.files[range].allSatisfy {
                FileFacts(of: path(of: $0.path)) == $0.entry.facts
            }
            if !isSame { isTouched.store(true, ordering: .relaxed) }
        }
        return !isTouched.load(ordering: .relaxed)
    }

    /// The sink that the module Site writes to. May be used from several threads.
    var sink: Sink {
        Sink(
            keep: { self.keep($0, self.whole($1)) }, read: { self.content(of: $0) },
            write: { try self.write($0, $1, from: $2.map(self.whole)) })
    }

    /// A source together with the program.
    private func whole(_ source: Fingerprint) -> Fingerprint {
        Fingerprint(high: source.high ^ program.high, low: source.low ^ program.low)
    }

    /// Number of files that had the same content before.
    var unchanged: Int { edition.unchanged }

    /// Number of files so far.
    var count: Int { edition.count }

    /// Number of pages that did not have the same content before.
    var rewrittenPages: Int { edition.rewrittenPages }

    /// Whether the last edition has a file at this path.
    @Sendable func isKnown(_ path: String) -> Bool { earlier.contains(path) }

    /// Whether a file of the last edition was made from `source` and has not been touched since. Then
    /// it belongs to this edition too.
    private func keep(_ file: String, _ source: Fingerprint) -> Bool {
        guard earlier.contains(file), let known = record[file], known.source == source,
            FileFacts(of: path(of: file)) == known.facts, isInside(file)
        else { return false }
        add(file, known, isSame: true)
        return true
    }

    /// The content of a file that was kept; `nil` if it has another size than in the record, or cannot be read.
    private func content(of file: String) -> [UInt8]? {
        guard let known = record[file],
            case .content(let bytes)? = try? RegularFile.read(path(of: file), expecting: known.size)
        else { return nil }
        return bytes
    }

    /// Makes all files of the last edition part of this one, except those at `paths` and the manifest.
    /// - Precondition: `isUntouched`.
    func keepAll(except paths: Set<String>) {
        for file in record.files
        where file.path != Manifest.fileName && !paths.contains(file.path) {
            add(file.path, file.entry, isSame: true)
        }
    }

    /// Paths of the files of the last edition.
    var known: [String] { Array(earlier) }

    private func write(_ file: String, _ bytes: [UInt8], from source: Fingerprint?) throws {
        let path = path(of: file)
        try requireInside(file)
        let digest = Fingerprint(of: bytes)
        let known = record[file]
        let isSame: Bool
        if let known, FileFacts(of: path) == known.facts {
            // A file that has not been touched since need not be read to know its content.
            isSame = known.digest == digest
        } else {
            isSame = Self.holds(path, bytes)
        }
        if !isSame { try makeFolder(of: file) }
        // Noted before the first byte, so that an interrupted build leaves no unknown file.
        if !earlier.contains(file) { try note([file]) }
        if !isSame {
            try Self.writing(path) { () throws(FileError) in
                try AtomicFile.write(bytes, to: path, by: path + Self.partialSuffix)
            }
        }
        let entry = OutputRecord.Entry(
            size: bytes.count, digest: digest, source: source,
            // Without facts the next build reads the file.
            facts: FileFacts(of: path) ?? FileFacts(size: -1, modified: 0, changed: 0, number: 0))
        add(file, entry, isSame: isSame)
    }

    private func add(_ file: String, _ entry: OutputRecord.Entry, isSame: Bool) {
        edition.withPart(of: Self.folder(of: file)) { $0.add(file, entry, isSame: isSame) }
    }

    /// What a complete build left in the folder.
    struct Finished {
        let manifest: Manifest
        /// Size of the atlas.
        let bytes: Int
        /// For the next build.
        let record: OutputRecord
    }

    /// Writes the manifest, and removes the files that do not belong to the atlas any more.
    func finish() throws -> Finished {
        var files = edition.files.sorted { $0.precedes($1) }
        let manifest = try Manifest(
            files.map { Manifest.File(path: $0.path, size: $0.entry.size, digest: $0.entry.digest) }
        )
        let text = manifest.bytes()
        let path = path(of: Manifest.fileName)
        let removed = earlier.subtracting(manifest.files.map(\.path)).sorted()
        if !Self.holds(path, text) {
            if !removed.isEmpty { try note(removed) }
            journal.synchronize()
            try Self.writing(path) { () throws(FileError) in
                try AtomicFile.write(text, to: path)
            }
        }
        for old in removed { try remove(old) }
        journal.removeFile()
        if let facts = FileFacts(of: path) {
            let entry = OutputRecord.Entry(
                size: text.count, digest: Fingerprint(of: text), source: nil, facts: facts)
            files.append(.init(path: Manifest.fileName, entry: entry))
        }
        return Finished(
            manifest: manifest, bytes: manifest.files.reduce(text.count) { $0 + $1.size },
            record: OutputRecord(files))
    }

    /// Adds paths to the journal.
    private func note(_ paths: [String]) throws {
        wroteNotes.store(true, ordering: .relaxed)
        let lines = Array(paths.map { $0 + "\n" }.joined().utf8)
        try Self.writing(path(of: Manifest.buildJournal)) { () throws(FileError) in
            try journal.append(lines)
        }
    }

    private func makeFolder(of file: String) throws {
        let folder = Self.folder(of: file)
        if folder.isEmpty || edition.withPart(of: folder, { $0.made.contains(folder) }) { return }
        let path = path(of: String(folder))
        do {
            try Folders.make(path)
        } catch {
            throw AtlasError.fileTrouble(
                path: path, reason: "the folder cannot be made (\(error.reason)).")
        }
        // Inserted after the folder exists. Until then another thread may create it too, which is
        // harmless.
        edition.withPart(of: folder) { _ = $0.made.insert(folder) }
    }

    /// The path of the folder of a file; empty for the root.
    private static func folder(of file: String) -> Substring {
        file.utf8.lastIndex(of: UInt8(ascii: "/")).map { file[..<$0] } ?? ""
    }

    /// The outermost symbolic link among a folder and those around it, as far as they exist.
    private func link(above folder: Substring) -> String? {
        var path = root
        for part in folder.split(separator: "/") {
            path += "/" + part
            var facts = stat()
            if lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK { return path }
        }
        return nil
    }

    /// Whether a path does not lead out of the atlas through a symbolic link.
    private func isInside(_ file: String) -> Bool {
        let folder = Self.folder(of: file)
        if folder.isEmpty || edition.withPart(of: folder, { $0.plain.contains(folder) }) {
            return true
        }
        guard link(above: folder) == nil else { return false }
        edition.withPart(of: folder) { _ = $0.plain.insert(folder) }
        return true
    }

    private func requireInside(_ file: String) throws {
        guard !isInside(file), let link = link(above: Self.folder(of: file)) else { return }
        throw AtlasError.linkInOutput(path: link)
    }

    /// Removes a file, and the folders that are then empty.
    private func remove(_ file: String) throws {
        try requireInside(file)
        let path = path(of: file)
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw AtlasError.notWritten(path: path, reason: systemReason(errno))
        }
        var folder = file
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            if rmdir(self.path(of: folder)) != 0 { return }
        }
    }

    /// Whether the file already has this content. A file that cannot be read is written again.
    private static func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
        (try? RegularFile.read(path, expecting: bytes.count)) == .content(bytes)
    }

    private static func writing(_ path: String, _ body: () throws(FileError) -> Void) throws {
        do {
            try body()
        } catch {
            throw AtlasError.notWritten(path: path, reason: error.reason)
        }
    }
}

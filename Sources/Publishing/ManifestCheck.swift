package import AtlasModel
import Files
import Fingerprint
import Foundation
package import Parallel
import Synchronization

extension Manifest {
    /// Problems of this edition's files in `folder`: files that are missing, changed, or not
    /// regular files.
    ///
    /// Every file is read completely. A file that cannot be read is a problem, not an error.
    /// - Returns: sorted by path.
    package func damage(
        in folder: String, workers: Workers, progress: ProgressReport = { _, _ in }
    ) throws -> [Problem] {
        try Self.damage(of: files, in: folder, workers: workers, progress: progress)
    }

    /// Like `damage(in:workers:)`, for some files of an edition.
    static func damage(
        of files: [File], in folder: String, workers: Workers,
        progress: ProgressReport = { _, _ in }
    ) throws -> [Problem] {
        let state = Mutex<(done: Int, problems: [Problem])>((0, []))
        // The chunks are large enough that threads seldom wait for the lock.
        try workers.forEachRange(of: files.count, chunk: 64) { range in
            let problems = files[range].compactMap { file in
                file.objection(in: folder).map { Problem(path: file.path, reason: $0) }
            }
            let done = state.withLock {
                $0.problems += problems
                $0.done += range.count
                return $0.done
            }
            progress(done, files.count)
        }
        return state.withLock { $0.problems.sorted() }
    }

    /// The first folder of this edition in `folder` that is a symbolic link, through which other files
    /// might be published; `nil` without one.
    func linkedFolder(in folder: String) -> String? {
        var seen: Set<Substring> = []
        for file in files {
            var path = file.path[...]
            while let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
                path = path[..<slash]
                guard seen.insert(path).inserted else { break }
                var status = stat()
                if lstat("\(folder)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
                    return String(path)
                }
            }
        }
        return nil
    }

    /// The files of `found` that the manifest does not list and that nothing else explains.
    /// - Parameters:
    ///   - found: paths relative to the atlas.
    ///   - waiting: paths of files that a later publication removes.
    package func foreign(among found: [String], waiting: Set<String> = []) -> [Problem] {
        let listed = Set(files.map(\.path))
        return found.filter { path in
            !listed.contains(path) && !waiting.contains(path)
                && !Leftover.explains(path) { listed.contains($0) }
        }.map {
            Problem(
                path: $0,
                reason: $0 == Manifest.buildJournal
                    ? "A build is writing to this atlas, or was interrupted. Wait for it, or build again."
                    : "The manifest does not list the file: no page needs it. Remove it.")
        }.sorted()
    }

    /// Paths of files in `folder`, a destination, that are out of the atlas and that a later
    /// publication removes; none when nothing was published there.
    package static func waitingForRemoval(in folder: String) throws -> Set<String> {
        let file = try reading { () throws(FileError) in
            try RegularFile.read(folder + "/" + Leftover.state)
        }
        guard case .content(let bytes) = file, let state = DestinationState(bytes) else {
            return []
        }
        return Set(state.leaving.map(\.file.path))
    }

    /// - Parameter place: the destination, for the error.
    /// - Throws: `PublishingError.arrivedDamaged` when a file is missing or has another size.
    func requireSizes(in holdings: Holdings, at place: String) throws {
        for file in files where holdings.files[file.path] != file.size {
            let reason =
                holdings.files[file.path].map { "it has \($0) bytes instead of \(file.size)" }
                ?? "it is missing"
            throw PublishingError.arrivedDamaged(
                destination: place, path: file.path, reason: reason)
        }
    }
}

extension Manifest.File {
    /// The content of this file in the atlas `folder`.
    /// - Throws: `PublishingError.changedSinceBuild` when it is not as it was built.
    func content(in folder: String) throws -> [UInt8] {
        let reason: String
        do {
            let file = try RegularFile.read(folder + "/" + path, expecting: size)
            if case .content(let bytes) = file, Fingerprint(of: bytes) == digest { return bytes }
            reason = Self.difference(file, size)
        } catch {
            reason = "The file cannot be read (\(error.reason))."
        }
        throw PublishingError.changedSinceBuild(
            folder: folder, count: 1, first: "\(path): \(reason)")
    }

    /// Why the file in `folder` is not this one; `nil` when it is.
    func objection(in folder: String) -> String? {
        do {
            let file = try RegularFile.read(folder + "/" + path, expecting: size)
            if case .content(let bytes) = file, Fingerprint(of: bytes) == digest { return nil }
            return Self.difference(file, size)
        } catch {
            return "The file cannot be read (\(error.reason))."
        }
    }

    private static func difference(_ file: RegularFile, _ expected: Int) -> String {
        switch file {
        case .missing: "The file is missing."
        case .other: "It is a folder or a link, not a file."
        case .size(let size): "The file has \(size) bytes, and had \(expected) when it was built."
        case .content: "The content has changed since the file was built."
        }
    }
}

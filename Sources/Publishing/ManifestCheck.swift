package import AtlasModel
import Files
import Fingerprint
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
        let state = Mutex<(done: Int, problems: [Problem])>((0, []))
        // The chunks are large enough that threads seldom wait for the lock.
        try workers.forEachRange(of: files.count, chunk: 64) { range in
            let problems = files[range].compactMap { file in
                objection(to: file, in: folder).map { Problem(path: file.path, reason: $0) }
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

    /// The files of `found` that the manifest does not list and that nothing else explains.
    /// - Parameter found: paths relative to the atlas.
    package func foreign(among found: [String]) -> [Problem] {
        let listed = Set(files.map(\.path))
        return found.filter { path in
            !listed.contains(path) && !Leftover.explains(path) { listed.contains($0) }
        }.map {
            Problem(
                path: $0,
                reason: $0 == Manifest.buildJournal
                    ? "A build is writing to this atlas, or was interrupted. Wait for it, or build again."
                    : "The manifest does not list the file: no page needs it. Remove it.")
        }.sorted()
    }

    private func objection(to file: File, in folder: String) -> String? {
        do {
            switch try RegularFile.read(folder + "/" + file.path, expecting: file.size) {
            case .missing: return "The file is missing."
            case .other: return "It is a folder or a link, not a file."
            case .size(let size):
                return "The file has \(size) bytes, and had \(file.size) when it was built."
            case .content(let bytes):
                return Fingerprint(of: bytes) == file.digest
                    ? nil : "The content has changed since the file was built."
            }
        } catch {
            return "The file cannot be read (\(error.reason))."
        }
    }
}

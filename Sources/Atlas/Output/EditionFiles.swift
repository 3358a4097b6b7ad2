import Synchronization

/// The files of an edition so far, and what is known of their folders.
///
/// Each folder belongs to one of several parts that have locks of their own. With one lock, threads would wait for
/// each other at every file, which takes longer than what they do with it.
final class EditionFiles: Sendable {
    /// The files in some of the folders.
    struct Part {
        fileprivate var files: [OutputRecord.File] = []
        /// Folders that exist.
        var made: Set<Substring> = []
        /// Folders that are no links, nor below one.
        var plain: Set<Substring> = []
        fileprivate var unchanged = 0
        fileprivate var rewrittenPages = 0

        mutating func add(_ file: String, _ entry: OutputRecord.Entry, isSame: Bool) {
            files.append(.init(path: file, entry: entry))
            if isSame {
                unchanged += 1
            } else if file.hasSuffix(".html") {
                rewrittenPages += 1
            }
        }
    }

    private final class Locked: Sendable {
        let part = Mutex(Part())
    }

    private let parts = (0..<64).map { _ in Locked() }

    /// Changes or reads the part that has a folder.
    func withPart<Result>(of folder: Substring, _ body: (inout sending Part) -> sending Result)
        -> Result
    {
        parts[Int(UInt(bitPattern: folder.hashValue) % UInt(parts.count))].part.withLock(body)
    }

    /// Number of files that had the same content before.
    var unchanged: Int { sum { $0.unchanged } }

    /// Number of pages that did not have the same content before.
    var rewrittenPages: Int { sum { $0.rewrittenPages } }

    var count: Int { sum { $0.files.count } }

    /// All files, in no order.
    var files: [OutputRecord.File] {
        parts.flatMap { $0.part.withLock { $0.files } }
    }

    private func sum(_ number: (borrowing Part) -> Int) -> Int {
        parts.reduce(0) { sum, part in sum + part.part.withLock { number($0) } }
    }
}

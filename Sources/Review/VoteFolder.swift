package import AtlasModel
import Files
import Foundation

/// A folder of votes with one file for each reviewer. Lines are added but never removed.
package struct VoteFolder: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The result of a merge.
    package struct Merge: Sendable, Equatable {
        /// Number of votes in the folder after the merge.
        package let votes: Int
        package let added: Int
        /// Number of votes of the sources that were known already.
        package let duplicates: Int
        package let rejected: [Rejection]
    }

    /// Whether there is such a folder.
    package var exists: Bool { Folders.contain(path) }

    /// The votes of the folder in the order of their ids, and the lines that are not votes.
    /// - Throws: `ReviewError.noFolder`, `.unreadable`.
    package func read() throws(ReviewError) -> (votes: [Vote], rejected: [Rejection]) {
        guard exists else { throw .noFolder(path: path) }
        let union = try known()
        return (union.votes, union.rejected)
    }

    /// Adds the votes of `sources` (vote files, or folders of them) that are not in the folder yet.
    ///
    /// A vote is identified by its id. To merge a file again adds nothing, and the order of the
    /// sources does not matter. A known id with other content is rejected. The folder itself may be
    /// one of the sources.
    ///
    /// - Throws: `ReviewError.mergeRunning`, `.unreadable`, `.notWritten`. No vote in the folder is
    ///   ever lost.
    package func merge(_ sources: [String]) throws(ReviewError) -> Merge {
        try writing(path) { () throws(FileError) in try Folders.make(path) }
        let lock = path + "/.merge.lock"
        let held = try writing(lock) { () throws(FileError) in try FileLock(on: lock) }
        guard let held else { throw .mergeRunning(folder: path) }
        defer { withExtendedLifetime(held) {} }
        var union = try known()
        var files: [String] = []
        for source in sources {
            do {
                files += try VoteFiles.listed(source)
            } catch {
                union.reject(source, line: 0, "\(error)")
            }
        }
        var added: [Vote] = []
        var duplicates = 0
        for file in files.sorted() {
            let reading = union.read(file)
            added += reading.added
            duplicates += reading.duplicates
        }
        let byReviewer = Dictionary(grouping: added, by: \.reviewer)
        for (reviewer, votes) in byReviewer.sorted(by: { $0.key < $1.key }) {
            try append(votes, to: "\(path)/\(reviewer).jsonl")
        }
        return Merge(
            votes: union.count, added: added.count, duplicates: duplicates,
            rejected: union.rejected)
    }

    /// All votes in the folder.
    private func known() throws(ReviewError) -> VoteUnion {
        var union = VoteUnion()
        for file in try VoteFiles.listed(path) { _ = union.read(file) }
        return union
    }

    private func append(_ votes: [Vote], to file: String) throws(ReviewError) {
        var bytes: [UInt8] = []
        if FileManager.default.fileExists(atPath: file) {
            bytes = try VoteFiles.bytes(of: file)
            // Ensures that an incomplete last line stays a separate line.
            if let last = bytes.last, last != UInt8(ascii: "\n") {
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        for vote in votes.sorted(by: { $0.id < $1.id }) { bytes += vote.line }
        try writing(file) { () throws(FileError) in try AtomicFile.write(bytes, to: file) }
    }
}

package import AtlasModel
import Files
import Foundation

/// A trial that has ended: `plan.json`, `key.json` and `pictures.json`, its votes in `votes.jsonl`, and
/// `results.json` for people and programs.
package struct ClosedTrial: Sendable {
    package let folder: String

    package init(_ folder: String) { self.folder = folder }

    private var votesFile: String { folder + "/votes.jsonl" }

    /// Keeps the votes of the trial, in the order of their ids.
    /// - Parameter votes: of any trial.
    /// - Throws: `ReviewError.notWritten`.
    package func keep(_ votes: [Vote], of trial: String) throws(ReviewError) {
        let lines = votes.filter { $0.trial == trial }.sorted { $0.id < $1.id }.flatMap(\.line)
        try writing(votesFile) { () throws(FileError) in
            try AtomicFile.write(lines, to: votesFile)
        }
    }

    /// Writes `results.json`.
    /// - Throws: `ReviewError.notWritten`.
    package func keep(results: some Encodable) throws(ReviewError) {
        let path = folder + "/results.json"
        try writing(path) { () throws(FileError) in
            try AtomicFile.write(ReviewJSON.encoded(results), to: path)
        }
    }

    /// Counts the votes that were kept.
    /// - Parameters:
    ///   - models: that the key may name.
    ///   - others: votes to count if the closing was interrupted before the votes were kept.
    /// - Throws: `ReviewError` when a file of the trial cannot be read.
    package func result(models: [LikenessModel], others: VoteFolder) throws(ReviewError)
        -> TrialResult
    {
        let trial = try TrialRecord.read(keyPath: folder + "/key.json", models: models)
        let votes: [Vote]
        if FileManager.default.fileExists(atPath: votesFile) {
            var union = VoteUnion()
            _ = union.read(votesFile)
            votes = union.votes
        } else {
            votes = others.exists ? try others.read().votes : []
        }
        return TrialResult(of: votes, in: trial)
    }
}

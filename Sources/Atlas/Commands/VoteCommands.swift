import AtlasModel
import Review
import Similarity

extension Run {
    /// Adds votes to a folder.
    /// - Parameter sources: vote files, or folders of them.
    package func mergeVotes(_ sources: [String], into folder: String) throws -> MergeResult {
        let merge = try VoteFolder(folder).merge(sources)
        return MergeResult(
            votes: merge.votes, added: merge.added, duplicates: merge.duplicates,
            rejected: merge.rejected)
    }

    /// Counts the votes of the trial that the key file belongs to.
    package func tallyVotes(in folder: String, key path: String) throws -> TallyResult {
        let key = try TrialKey.read(path, models: likenessModels.models)
        let labels = try key.labels(besideKey: path)
        let (votes, rejected) = try VoteFolder(folder).read()
        return TallyResult(
            summary: VoteSummary(of: votes, key: key, labels: labels), rejected: rejected)
    }

    /// Ends the running trial, so that the next build draws a new one.
    package func closeTrial(in review: String) throws -> CloseResult {
        let closed = try ReviewFolder(review, models: likenessModels.models).close()
        return CloseResult(trial: closed.trial, path: closed.folder)
    }
}

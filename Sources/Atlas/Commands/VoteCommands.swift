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
        let trial = try TrialRecord.read(keyPath: path, models: likenessModels.models)
        let (votes, rejected) = try VoteFolder(folder).read()
        return TallyResult(result: TrialResult(of: votes, in: trial), rejected: rejected)
    }

    /// Ends the running trial, so that the next build draws a new one. Its votes so far and its result
    /// are kept with its plan and key.
    package func closeTrial(in review: String) throws -> CloseResult {
        let store = ReviewFolder(review, models: likenessModels.models)
        let (trial, folder) = try store.close()
        let closed = ClosedTrial(folder)
        let votes = VoteFolder(review + "/votes")
        do {
            if votes.exists { try closed.keep(try votes.read().votes, of: trial) }
            let result = try closed.result(models: likenessModels.models, others: votes)
            try closed.keep(results: TallyResult(result: result, rejected: []))
        } catch {
            // The trial has ended all the same, as it must when one of its files is lost.
            narrator.warn("the result of the trial is not kept: \(error)")
        }
        return CloseResult(trial: trial, path: folder)
    }

    /// What the next trial would be, or what the running one is.
    package func planTrial(in review: String, content: String?) throws -> TrialOutlook {
        let settings = try BuildSources.settings(in: content, likeness: likenessModels)
        let running = try ReviewFolder(review, models: likenessModels.models).running()
        return TrialOutlook(settings.trialDesign(), running: running)
    }
}

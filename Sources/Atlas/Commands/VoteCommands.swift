import AtlasModel
import Review

extension Run {
    /// Adds votes to a folder.
    /// - Parameter sources: vote files, or folders of them.
    public func mergeVotes(_ sources: [String], into folder: String) throws -> MergeResult {
        let merge = try VoteFolder(folder).merge(sources)
        return MergeResult(
            votes: merge.votes, added: merge.added, duplicates: merge.duplicates,
            rejected: merge.rejected)
    }

    /// Counts the votes of the trial that the key file belongs to.
    public func tallyVotes(in folder: String, key path: String) throws -> TallyResult {
        let key = try TrialKey.read(path)
        let labels = try key.labels(besideKey: path)
        let (votes, rejected) = try VoteFolder(folder).read()
        return TallyResult(
            summary: VoteSummary(of: votes, key: key, labels: labels), rejected: rejected)
    }

    /// Ends the running trial, so that the next build draws a new one.
    public func closeTrial(in review: String) throws -> CloseResult {
        let closed = try ReviewFolder(review).close()
        return CloseResult(trial: closed.trial, path: closed.folder)
    }
}

// MARK: Shared with the build

extension Run {
    /// The trial that runs in the folder `review`, without the comparisons whose pictures have left
    /// the collection; a new one, kept there, when none runs.
    /// - Returns: `nil` when there is nothing to compare.
    func reviewPlan(
        in review: String, _ neighbours: [Neighbours], _ images: [ImageRecord], comparisons: Int,
        targets: Int
    ) throws -> ReviewPlan? {
        let folder = ReviewFolder(review)
        if let running = try folder.running() {
            let keys = Set(images.map(\.key))
            let (plan, missing) = running.present { keys.contains($0) }
            if !missing.isEmpty {
                narrator.warn(Self.shortened(running, to: plan, missing, review))
            }
            return plan.comparisons.isEmpty ? nil : plan
        }
        // Not the seed of the run: whoever knows it could tell the sides.
        var generator = SystemRandomNumberGenerator()
        guard
            let drawn = ReviewPlan.drawn(
                from: neighbours, images: images, comparisons: comparisons, targets: targets,
                using: &generator)
        else { return nil }
        try folder.begin(drawn)
        return drawn
    }

    private static func shortened(
        _ running: ReviewPlan, to plan: ReviewPlan, _ missing: [String], _ review: String
    ) -> String {
        let all = running.comparisons.count
        let named = missing.prefix(3).joined(separator: ", ")
        let more = missing.count > 3 ? " and \(missing.count - 3) more" : ""
        return "\(all - plan.comparisons.count) of the \(all) comparisons of the trial in \(review) are left "
            + "out, because the collection no longer has \(named)\(more). To draw a new trial, end this "
            + "one with \"geoatlas votes close\"."
    }
}

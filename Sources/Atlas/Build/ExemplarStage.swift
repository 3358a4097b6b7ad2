import AtlasModel
import Review
import Similarity

extension Run {
    /// What stands for each rock type, in class order.
    func exemplars(
        of images: [ImageRecord], _ vectors: ModelVectors, _ predictions: [Prediction],
        types: Int
    ) throws -> [Exemplars] {
        var groups = [[Int]](repeating: [], count: types)
        for (index, image) in images.enumerated() {
            if let label = image.label { groups[label].append(index) }
        }
        let distances = try Centrality.meanDistances(vectors, groups: groups, workers: workers)
        return zip(groups, distances).map { members, distances in
            Exemplars(
                members: members, meanDistances: distances,
                margins: members.map { predictions[$0].margin })
        }
    }

    /// The votes merged into the folder `votes` beside the running trial; `nil` without any.
    /// - Throws: `ReviewError`.
    func votes(in review: String, of plan: ReviewPlan?) throws -> VoteSummary? {
        let folder = VoteFolder(review + "/votes")
        guard let plan, folder.exists else { return nil }
        let summary = VoteSummary(
            of: try folder.read().votes, key: TrialKey(plan), labels: nil)
        return summary.total.votes > 0 ? summary : nil
    }
}

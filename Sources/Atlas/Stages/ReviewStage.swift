import AtlasModel
import Messages
import Review
import Similarity

extension Stage<ReviewPlan?> {
    /// Continues the trial that is running in a folder, or draws a new one.
    static func review(
        in folder: String, _ neighbours: [Neighbours], _ images: [ImageRecord],
        _ context: BuildContext
    ) -> Stage {
        Stage(.review) { _ in try context.trial(in: folder, neighbours, images) }
    }
}

extension BuildContext {
    /// The running trial. If there is none, a new trial is drawn from the neighbours by the first
    /// two models of the settings and written to `folder`. `nil` when the settings ask for no
    /// comparison, or none can be made.
    ///
    /// A trial is an input of every build until it is closed. A comparison whose pictures are no
    /// longer in the collection is left out of the page but stays in the trial.
    func trial(
        in folder: String, _ neighbours: [Neighbours], _ images: [ImageRecord]
    ) throws -> ReviewPlan? {
        guard settings.comparisons > 0 else { return nil }
        let store = ReviewFolder(folder, models: likenessModels.models)
        if let running = try store.running() { return shown(running, in: folder, images) }
        let compared = settings.models.prefix(2)
        var random = SystemRandomNumberGenerator()
        guard
            let plan = ReviewPlan.drawn(
                from: compared.compactMap { model in neighbours.first { $0.model == model } },
                images: images, comparisons: settings.comparisons,
                targets: settings.targets, using: &random)
        else {
            narrator.warn(
                "there is no review page: no picture has two panels that differ and are equally long. "
                    + "More pictures, or another --k, may change that.")
            return nil
        }
        try store.begin(plan)
        narrator.warn(
            "a trial of \(counted(plan.comparisons.count, "comparison")) begins; \(folder) holds its plan and key. "
                + "Back that folder up, and do not publish it.")
        return plan
    }

    /// The comparisons of the running trial that can be shown. Adds a note about differences from
    /// the settings or the collection.
    private func shown(_ running: ReviewPlan, in folder: String, _ images: [ImageRecord])
        -> ReviewPlan?
    {
        let compared = settings.models.prefix(2)
        let models = Set(running.comparisons.flatMap { [$0.a.model, $0.b.model] })
        if models != Set(compared) {
            narrator.warn(
                "the trial in \(folder) goes on comparing "
                    + models.map(\.title).sorted().joined(separator: " and ")
                    + "; \"geoatlas votes close\" ends it, and the next build compares "
                    + compared.map(\.title).joined(separator: " and ") + ".")
        }
        let keys = Set(images.map(\.key))
        let (plan, missing) = running.present { keys.contains($0) }
        if !missing.isEmpty {
            let hidden = running.comparisons.count - plan.comparisons.count
            narrator.warn(
                "the trial in \(folder) is shown without \(counted(hidden, "comparison")), "
                    + "because the collection no longer has \(missing[0])"
                    + (missing.count > 1
                        ? " and \(counted(missing.count - 1, "other picture"))" : "")
                    + ". \"geoatlas votes close\" ends that trial.")
        }
        return plan.comparisons.isEmpty ? nil : plan
    }
}

extension VoteSummary {
    /// The votes in the folder `votes` beside the running trial; `nil` when there are none.
    /// - Parameter review: folder of the trial.
    /// - Throws: `ReviewError`.
    static func read(in review: String, of plan: ReviewPlan?) throws -> VoteSummary? {
        let folder = VoteFolder(review + "/votes")
        guard let plan, folder.exists else { return nil }
        let summary = VoteSummary(of: try folder.read().votes, key: TrialKey(plan), labels: nil)
        return summary.total.votes > 0 ? summary : nil
    }
}

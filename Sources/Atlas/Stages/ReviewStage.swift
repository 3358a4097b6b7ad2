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
        if let running = try store.running() {
            return try shown(running, in: store, images)
        }
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
        try store.remember(plan.digests(images), of: plan.trial)
        narrator.warn(
            "a trial of \(counted(plan.comparisons.count, "comparison")) begins; \(folder) holds its plan and key. "
                + "Back that folder up, and do not publish it.")
        return plan
    }

    /// The comparisons of the running trial that can be shown. Adds a note about differences from
    /// the settings or the collection.
    private func shown(_ running: ReviewPlan, in store: ReviewFolder, _ images: [ImageRecord])
        throws -> ReviewPlan?
    {
        let folder = store.path
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
        let same = try unchanged(plan, in: store, images)
        return same.comparisons.isEmpty ? nil : same
    }
}

extension BuildContext {
    /// The comparisons whose keys still mean the pictures that the trial began with. Adds a note about
    /// the others.
    private func unchanged(_ running: ReviewPlan, in store: ReviewFolder, _ images: [ImageRecord])
        throws -> ReviewPlan
    {
        let now = running.digests(images)
        guard let began = store.digests(of: running.trial) else {
            // The trial is older than this file.
            try store.remember(now, of: running.trial)
            return running
        }
        let (plan, changed) = running.present { key in
            began[key].map { $0 == now[key] } ?? true
        }
        if let first = changed.first {
            let hidden = running.comparisons.count - plan.comparisons.count
            let more = counted(changed.count - 1, "other picture")
            narrator.warn(
                "the trial in \(store.path) is shown without \(counted(hidden, "comparison")), because another "
                    + "picture has the key \(first) since the trial began"
                    + (changed.count > 1 ? ", and so for \(more)" : "")
                    + ". \"geoatlas votes close\" ends that trial.")
        }
        return plan
    }
}

extension ReviewPlan {
    /// Digests of the pictures that it shows, by key.
    fileprivate func digests(_ images: [ImageRecord]) -> [String: String] {
        let keys = Set(
            comparisons.flatMap { comparison in
                [comparison.candidate] + (comparison.a.targets + comparison.b.targets).map(\.key)
            })
        return Dictionary(
            images.filter { keys.contains($0.key) }.map { ($0.key, $0.digest) },
            uniquingKeysWith: { first, _ in first })
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

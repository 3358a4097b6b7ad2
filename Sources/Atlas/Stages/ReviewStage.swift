import AtlasModel
import Messages
import Review
import Similarity

/// The pictures that a trial may show.
struct TrialCollection {
    let images: [ImageRecord]
    let vectors: ModelVectors
}

extension Stage<ReviewPlan?> {
    /// Continues the trial that is running in a folder, or draws a new one.
    static func review(
        in folder: String, _ neighbours: [Neighbours], _ collection: TrialCollection,
        _ context: BuildContext
    ) -> Stage {
        Stage(.review) { _ in try context.trial(in: folder, neighbours, collection) }
    }
}

extension BuildContext {
    /// The running trial. If there is none, a new trial is drawn from the neighbours by the models
    /// that the settings compare, and written to `folder`. `nil` when the settings ask for no
    /// comparison, or none can be made.
    ///
    /// A trial is an input of every build until it is closed. A comparison whose pictures are no
    /// longer in the collection is left out of the page but stays in the trial.
    func trial(
        in folder: String, _ neighbours: [Neighbours], _ collection: TrialCollection
    ) throws -> ReviewPlan? {
        guard settings.trial.comparisons > 0 else { return nil }
        let store = ReviewFolder(folder, models: likenessModels.models)
        if let running = try store.running() {
            return try shown(running, in: store, collection)
        }
        var random = SystemRandomNumberGenerator()
        let asked = settings.trial.leavesOutAsked ? try store.askedBefore() : []
        guard
            let plan = ReviewPlan.drawn(
                from: neighbours, images: collection.images,
                design: settings.trialDesign(excluding: asked), using: &random)
        else {
            narrator.warn(
                "there is no review page: no picture has two panels that differ and are equally long. "
                    + (asked.isEmpty
                        ? "More pictures or another --k may change that."
                        : "More pictures, another --k, or \"asked: again\" may change that.")
            )
            return nil
        }
        try store.begin(plan, plan.pictures(of: collection))
        narrator.warn(
            "a trial of \(counted(plan.comparisons.count, "comparison")) begins; \(folder) holds its plan and key. "
                + "Back that folder up, and do not publish it.")
        return plan
    }

    /// The comparisons of the running trial that can be shown. Adds a note about differences from
    /// the settings or the collection.
    private func shown(_ running: ReviewPlan, in store: ReviewFolder, _ collection: TrialCollection)
        throws -> ReviewPlan?
    {
        warnOfOtherPairs(running, in: store.path)
        let keys = Set(collection.images.map(\.key))
        let there = leavingOut(
            running, in: store.path, where: { keys.contains($0) },
            reason: { first, more in
                "the collection no longer has \(first)"
                    + (more > 0 ? " and \(counted(more, "other picture"))" : "")
            })
        let now = there.pictures(of: collection)
        guard let began = store.pictures(of: running.trial) else {
            // The trial is older than this file.
            try store.remember(now, of: running.trial)
            return there.comparisons.isEmpty ? nil : there
        }
        let plan = leavingOut(
            there, in: store.path,
            where: { key in began.digests[key].map { $0 == now.digests[key] } ?? true },
            reason: { first, more in
                "another picture has the key \(first) since the trial began"
                    + (more > 0 ? ", and so for \(counted(more, "other picture"))" : "")
            })
        return plan.comparisons.isEmpty ? nil : plan
    }

    private func warnOfOtherPairs(_ running: ReviewPlan, in folder: String) {
        let models = TrialKey(running).pairs.map(\.models)
        guard Set(models.map(Set.init)) != Set(settings.comparedPairs.map(Set.init)) else { return }
        func words(_ pairs: [[LikenessModel]]) -> String {
            pairs.map { $0.map(\.title).sorted().joined(separator: " and ") }
                .joined(separator: ", ")
        }
        narrator.warn(
            "the trial in \(folder) goes on comparing \(words(models)); \"geoatlas votes close\" ends it, "
                + "and the next build compares \(words(settings.comparedPairs)).")
    }

    /// The comparisons whose keys are all right. Adds a note if some are not.
    /// - Parameter reason: why, given the first wrong key and the number of other ones.
    private func leavingOut(
        _ plan: ReviewPlan, in folder: String, where isRight: (String) -> Bool,
        reason: (_ first: String, _ more: Int) -> String
    ) -> ReviewPlan {
        let (kept, wrong) = plan.present(where: isRight)
        guard let first = wrong.first else { return plan }
        let hidden = plan.comparisons.count - kept.comparisons.count
        narrator.warn(
            "the trial in \(folder) is shown without \(counted(hidden, "comparison")), because "
                + "\(reason(first, wrong.count - 1)). \"geoatlas votes close\" ends that trial.")
        return kept
    }
}

extension ReviewPlan {
    /// What is known of the pictures that the trial shows.
    fileprivate func pictures(of collection: TrialCollection) -> TrialPictures {
        let all = comparisons + (practice.map { [$0] } ?? [])
        let keys = Set(all.flatMap(\.keys))
        let shown = collection.images.indices.filter { keys.contains(collection.images[$0].key) }
        func byKey<Value>(_ value: (Int) -> Value) -> [String: Value] {
            Dictionary(
                shown.map { (collection.images[$0].key, value($0)) },
                uniquingKeysWith: { first, _ in first })
        }
        return TrialPictures(
            digests: byKey { collection.images[$0].digest },
            brightness: byKey { collection.vectors.brightness($0) })
    }
}

extension ModelVectors {
    /// The mean of the bytes of a vector, rounded to tenths, 0 to 255.
    fileprivate func brightness(_ index: Int) -> Double {
        let sum = self[index].reduce(0) { $0 + Int($1) }
        return Double((10 * sum + Self.length / 2) / Self.length) / 10
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

extension BuildContext {
    /// The results of closed trials, the one with the last vote first. Adds a note about each that
    /// cannot be read.
    func closedTrials(in review: String) throws -> [TrialResult] {
        let models = likenessModels.models
        var results: [TrialResult] = []
        for folder in try ReviewFolder(review, models: models).closedTrials() {
            do {
                let result = try ClosedTrial(folder).result(
                    models: models, others: VoteFolder(review + "/votes"))
                if result.summary.total.votes > 0 { results.append(result) }
            } catch {
                narrator.warn("a closed trial is not shown: \(error)")
            }
        }
        return results.sorted {
            ($1.days.last?.day ?? "", $1.summary.trial) < (
                $0.days.last?.day ?? "", $0.summary.trial
            )
        }
    }
}

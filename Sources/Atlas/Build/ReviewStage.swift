import AtlasModel
import Messages
import Review

extension Run {
    /// The running trial, or a new one drawn from the neighbours by the first two models of the
    /// settings and kept in `folder`; `nil` when no comparison is asked for or none can be made.
    ///
    /// A trial is input of every build until it is closed: comparisons whose pictures have gone are
    /// left out of the page, never out of the trial.
    func trial(
        in folder: String, _ settings: AtlasSettings, _ neighbours: [Neighbours],
        _ images: [ImageRecord]
    ) throws -> ReviewPlan? {
        guard settings.comparisons > 0 else { return nil }
        let kept = ReviewFolder(folder)
        let compared = settings.models.prefix(2)
        if let running = try kept.running() {
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
                let gone = running.comparisons.count - plan.comparisons.count
                narrator.warn(
                    "the trial in \(folder) is shown without \(counted(gone, "comparison")), "
                        + "because the collection no longer has \(missing[0])"
                        + (missing.count > 1
                            ? " and \(counted(missing.count - 1, "other picture"))" : "")
                        + ". \"geoatlas votes close\" ends that trial.")
            }
            return plan.comparisons.isEmpty ? nil : plan
        }
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
        try kept.begin(plan)
        narrator.warn(
            "a trial of \(counted(plan.comparisons.count, "comparison")) begins; \(folder) holds its plan and key. "
                + "Back that folder up, and do not publish it.")
        return plan
    }
}

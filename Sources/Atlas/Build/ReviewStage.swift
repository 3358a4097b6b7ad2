import AtlasModel
import Review

extension Run {
    /// The running trial, or a new one drawn from the neighbours and kept in `folder`; `nil` when no
    /// comparison is asked for or none can be made.
    ///
    /// A trial is input of every build until it is closed: comparisons whose pictures have gone are
    /// left out of the page, never out of the trial.
    func trial(
        in folder: String, _ settings: AtlasSettings, _ neighbours: [Neighbours],
        _ images: [ImageRecord]
    ) throws -> ReviewPlan? {
        guard settings.comparisons > 0 else { return nil }
        let kept = ReviewFolder(folder)
        if let running = try kept.running() {
            let keys = Set(images.map(\.key))
            let (plan, missing) = running.present { keys.contains($0) }
            if !missing.isEmpty {
                narrator.warn(
                    "\(running.comparisons.count - plan.comparisons.count) comparisons of the trial in "
                        + "\(folder) are left out, because the collection no longer has \(missing[0])"
                        + (missing.count > 1 ? " and \(missing.count - 1) other pictures" : "")
                        + ". \"geoatlas votes close\" ends that trial.")
            }
            return plan.comparisons.isEmpty ? nil : plan
        }
        var random = SystemRandomNumberGenerator()
        guard
            let plan = ReviewPlan.drawn(
                from: neighbours, images: images, comparisons: settings.comparisons,
                targets: settings.targets, using: &random)
        else {
            narrator.warn(
                "there is no review page: no picture has two panels that differ and are equally long. "
                    + "More pictures, or another --k, may change that.")
            return nil
        }
        try kept.begin(plan)
        narrator.warn(
            "a trial of \(plan.comparisons.count) comparisons begins; \(folder) holds its plan and key. "
                + "Back that folder up, and do not publish it.")
        return plan
    }
}

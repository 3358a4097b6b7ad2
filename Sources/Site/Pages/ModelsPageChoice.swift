import AtlasModel
import Statistics
import Templates

extension Pages {
    /// What was tried before the classifier was chosen.
    var choiceValues: Value {
        guard let choice = classifier.choice else {
            return ["choice": .text(""), "candidates": .list([])]
        }
        return [
            "choice": .text(choice.sentence),
            "candidates": .list(
                choice.candidates.map { candidate in
                    [
                        "name": .text(candidate.name),
                        "isChosen": .flag(candidate.name == classifier.name),
                        "share": .text(candidate.dev?.share.map(Figures.share) ?? "–"),
                        "interval": .text(
                            candidate.dev.map { Figures.interval($0) + Figures.thin + "%" } ?? "–"),
                        "remark": .text(
                            candidate.dev == nil
                                ? "not tried: estimated to take " + Figures.duration(candidate.cost)
                                : ""),
                    ]
                }),
        ]
    }
}

extension ClassifierChoice {
    fileprivate var sentence: String {
        let tried = candidates.count { $0.dev != nil }
        let limit =
            budget.isFinite
            ? " Networks were tried as far as their trainings, with those of the folds, were estimated to take "
                + "no longer than \(Figures.duration(budget)) on two cores." : ""
        return
            "\(Figures.counted(tried, "classifier was", "classifiers were")) trained, and the one that predicts "
            + "most pictures of the dev part as labelled is used.\(bar)\(limit) The dev part also chose the epoch "
            + "of each network, so the shares of networks look a little better here than they are; those of the "
            + "test part, above, do not."
    }

    /// What a network had to be better than; empty if no classifier of textures was tried.
    private var bar: String {
        guard let textures = candidates.first(where: { $0.kind == .textures }) else { return "" }
        let rule =
            " A network has to be right more often than \(textures.name), which compares histograms of "
            + "colours and textures."
        guard let fused = candidates.first(where: { $0.kind == .fused && $0.dev != nil }) else {
            return rule
        }
        return rule
            + " For \(fused.name), which mixes the probabilities of \(textures.name) and of a network, each "
            + "dev picture was predicted with a weight that other groups of the dev part had decided."
    }
}

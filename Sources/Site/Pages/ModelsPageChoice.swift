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
        let floor =
            candidates.contains { $0.name == Self.floor }
            ? " A network has to be right more often than \(Self.floor), which compares histograms of colours "
                + "and textures." : ""
        let fused =
            candidates.contains { $0.name == Self.fused && $0.dev != nil }
            ? " For \(Self.fused), which mixes the probabilities of \(Self.floor) and of a network, each dev picture "
                + "was predicted with a weight that other groups of the dev part had decided." : ""
        return
            "\(Figures.counted(tried, "classifier was", "classifiers were")) trained, and the one that predicts "
            + "most pictures of the dev part as labelled is used.\(floor)\(fused)\(limit) The dev part also chose the epoch "
            + "of each network, so the shares of networks look a little better here than they are; those of the "
            + "test part, above, do not."
    }

    private static let floor = "texture"
    private static let fused = "fused"
}

package import AtlasModel
import Review
import Yams

/// The section `review` of `atlas.yml`: what the next trial shall be.
package struct TrialSettings: Sendable, Equatable {
    /// Comparisons that one reviewer is asked; 0 for no trial.
    package var comparisons = 60
    /// Targets in a panel.
    package var targets = 9
    /// Reviewers who are expected.
    package var reviewers = 4
    /// Percent of the comparisons that are the same for all reviewers.
    package var shared = 50
    /// The share of decided votes, in percent, that the trial shall tell from one half.
    package var detects = 60
    /// Points from 50 % up to which two models count as equally good.
    package var margin = 10
    /// Whether candidates of closed trials are left out.
    package var leavesOutAsked = false
    /// Whether pages keep names, clusters, scores and order of the candidates to themselves.
    package var isSealed = false
    /// Pairs of models; none for the two that are shown side by side.
    package var pairs: [Pair] = []

    package struct Pair: Sendable, Equatable {
        package let models: [LikenessModel]
        /// Of the settings file.
        let line: Int
    }

    package init() {}
}

extension AtlasSettings {
    /// The compared pairs of models.
    var comparedPairs: [[LikenessModel]] {
        trial.pairs.isEmpty ? [Array(models.prefix(2))] : trial.pairs.map(\.models)
    }

    /// - Parameter excluded: keys that are not asked about.
    func trialDesign(excluding excluded: Set<String> = []) -> TrialDesign {
        var design = TrialDesign(
            pairs: comparedPairs, comparisons: trial.comparisons, targets: trial.targets,
            reviewers: trial.reviewers)
        design.shared = trial.shared
        design.detects = trial.detects
        design.margin = trial.margin
        design.excluded = excluded
        return design
    }
}

extension SettingsReader {
    func review(_ node: Node, into settings: inout AtlasSettings) throws {
        try section(node, named: "review") { key, value in
            switch key {
            case "comparisons":
                settings.trial.comparisons = try number(value, key, in: 0...10_000)
            case "targets": settings.trial.targets = try number(value, key, in: 1...9)
            case "reviewers": settings.trial.reviewers = try number(value, key, in: 1...100)
            case "shared": settings.trial.shared = try number(value, key, in: 0...100)
            case "detects": settings.trial.detects = try number(value, key, in: 55...95)
            case "margin": settings.trial.margin = try number(value, key, in: 1...40)
            case "asked": settings.trial.leavesOutAsked = try leavesOutAsked(value, key)
            case "sealed": settings.trial.isSealed = try truth(value, key)
            case "pairs": settings.trial.pairs = try pairs(value, key)
            default:
                return [
                    "comparisons", "targets", "reviewers", "shared", "detects", "margin", "asked",
                    "sealed", "pairs",
                ]
            }
            return nil
        }
    }

    /// Whether candidates of closed trials are left out: `again` or `leave out`.
    private func leavesOutAsked(_ node: Node, _ key: String) throws -> Bool {
        switch node.string {
        case "again": return false
        case "leave out": return true
        default: throw wrong(key, node, "\"again\" or \"leave out\"")
        }
    }

    /// A list of pairs, each a list of two likeness models; none for an empty value.
    private func pairs(_ node: Node, _ key: String) throws -> [TrialSettings.Pair] {
        if node.null != nil || node.string?.isEmpty == true { return [] }
        guard let list = node.sequence else {
            throw wrong(key, node, "a list of pairs like [kmeans, pairwise]")
        }
        var pairs: [TrialSettings.Pair] = []
        for item in list {
            let line = item.mark?.line ?? 1
            let models = try likenessModels(item, key)
            guard models.count == 2 else {
                throw wrong(key, item, "pairs of two models like [kmeans, pairwise]")
            }
            guard !pairs.contains(where: { Set($0.models) == Set(models) }) else {
                throw AtlasError.wrongLine(
                    path: path, line: line,
                    reason:
                        "\(key) names \(models[0].id) and \(models[1].id) twice. Remove one pair.")
            }
            pairs.append(TrialSettings.Pair(models: models, line: line))
        }
        return pairs
    }

    /// A trial can only compare models whose targets the build finds.
    /// - Parameter models: those of the section `neighbours`.
    func check(_ trial: TrialSettings, models: [LikenessModel]) throws {
        for pair in trial.pairs {
            guard let other = pair.models.first(where: { !models.contains($0) }) else { continue }
            throw AtlasError.wrongLine(
                path: path, line: pair.line,
                reason: "pairs names \"\(other.id)\", which is not among the models of the section "
                    + "neighbours. Add it to models there.")
        }
    }
}

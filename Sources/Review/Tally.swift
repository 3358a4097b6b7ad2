package import AtlasModel
import Foundation

extension VoteSummary {
    /// Counts the votes of a trial.
    ///
    /// Of the votes of one reviewer on one comparison, the one with the highest revision counts; of
    /// equal revisions, the one with the larger id. If that vote was withdrawn, none counts.
    ///
    /// - Parameters:
    ///   - votes: votes of any trial in any order, each id once.
    ///   - key: the model of each panel.
    ///   - labels: label of the candidate of each comparison, if known.
    package init(of votes: [Vote], key: TrialKey, labels: [String: String]?) {
        struct Question: Hashable {
            let reviewer: String
            let comparison: String
        }
        let own = votes.filter { $0.trial == key.trial }
        var last: [Question: Vote] = [:]
        for vote in own where key.comparisons[vote.comparison]?.kind == .normal {
            let question = Question(reviewer: vote.reviewer, comparison: vote.comparison)
            if let other = last[question], (other.revision, other.id) > (vote.revision, vote.id) {
                continue
            }
            last[question] = vote
        }
        let counted = last.values.filter { $0.answer != .withdrawn }
        let none = Preferences(
            preferred: Dictionary(uniqueKeysWithValues: key.models.map { ($0, 0) }))
        var total = none
        var byType = labels.map { labels in
            Dictionary(labels.values.map { ($0, none) }, uniquingKeysWith: { first, _ in first })
        }
        for vote in counted {
            guard let sides = key.comparisons[vote.comparison] else { continue }
            total.count(vote.answer, sides)
            if let label = labels?[vote.comparison] {
                byType?[label]?.count(vote.answer, sides)
            }
        }
        self.init(
            trial: key.trial, total: total, reviewers: Set(counted.map(\.reviewer)).count,
            byType: byType, otherTrial: votes.count - own.count,
            unknown: own.count { key.comparisons[$0.comparison] == nil })
    }
}

extension Preferences {
    fileprivate mutating func count(_ answer: Vote.Answer, _ sides: TrialKey.Sides) {
        switch answer {
        case .a: sides.a.map { preferred[$0, default: 0] += 1 }
        case .b: sides.b.map { preferred[$0, default: 0] += 1 }
        case .equal: equal += 1
        case .neither: neither += 1
        case .withdrawn: break
        }
    }
}

extension TrialKey {
    /// Label of the candidate of each comparison, from the plan beside the key; `nil` when there is
    /// no plan.
    /// - Throws: `ReviewError` when the plan is damaged or belongs to another trial.
    package func labels(besideKey path: String) throws(ReviewError) -> [String: String]? {
        let plan = URL(filePath: path).deletingLastPathComponent().appending(path: "plan.json")
            .relativePath
        guard FileManager.default.fileExists(atPath: plan) else { return nil }
        let file = try PlanFile.read(plan)
        guard file.trial == trial else {
            throw .otherTrial(path: plan, trial: file.trial, other: path, otherTrial: trial)
        }
        return file.labels
    }
}

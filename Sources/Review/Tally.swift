package import AtlasModel
import Foundation

extension VoteSummary {
    /// Counts the votes of a trial on comparisons of two models. Comparisons that were shown again or
    /// test attention are not in the counts.
    ///
    /// - Parameters:
    ///   - votes: votes of any trial in any order, each id once.
    ///   - key: the model of each panel.
    ///   - labels: label of the candidate of each comparison, if known.
    package init(of votes: [Vote], key: TrialKey, labels: [String: String]?) {
        self.init(Ballots(votes, key: key), key: key, labels: labels)
    }

    init(_ ballots: Ballots, key: TrialKey, labels: [String: String]?) {
        let normal = ballots.normal
        let models = key.models
        let byType = labels.map { labels in
            var counts = Dictionary(
                key.comparisons.compactMap { id, sides in
                    sides.kind == .normal ? labels[id].map { ($0, Preferences(none: models)) } : nil
                }, uniquingKeysWith: { first, _ in first })
            let label = ballots.comparisons.map { labels[$0] }
            for ballot in normal {
                if let label = label[ballot.comparison] { counts[label]?.count(ballot) }
            }
            return counts
        }
        self.init(
            trial: key.trial, total: Preferences(normal, of: models),
            reviewers: Set(normal.map(\.reviewer)).count, byType: byType,
            otherTrial: ballots.otherTrial, unknown: ballots.unknown)
    }
}

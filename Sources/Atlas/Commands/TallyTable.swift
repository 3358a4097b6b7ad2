package import AtlasModel
import Messages
import Review
import Statistics

/// The votes of a trial, counted; `--json` prints it as `docs/schema/votes-tally.schema.json` says.
package struct TallyResult: Sendable, Equatable {
    package let result: TrialResult
    package let rejected: [Rejection]

    package var summary: VoteSummary { result.summary }

    /// The counts as a table for people, and their conclusions.
    package var table: String {
        let total = summary.total
        let types = (summary.byType ?? [:]).sorted { $0.key < $1.key }
        let rows =
            [[""] + total.models.map(\.title) + ["Equally good", "Neither"]]
            + [Self.row("all", total)] + types.map { Self.row($0.key, $0.value) }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }
        lines += [
            "",
            "Trial \(summary.trial): \(counted(total.votes, "vote")), "
                + "\(counted(summary.reviewers, "reviewer")).",
        ]
        if total.votes == 0, summary.otherTrial > 0 {
            lines.append(
                "The votes in this folder belong to another trial. Give the key.json of that one; "
                    + "keys of trials that have ended lie in closed/ in the review folder.")
        } else {
            lines += result.pairs.map { $0.statement(reviewers: result.countedReviewers) }
        }
        lines += result.reliability.sentences
        let apart = result.reviewers.filter(\.isApart)
        if !apart.isEmpty {
            let votes = apart.reduce(0) { $0 + $1.counts.votes }
            lines.append(
                "Apart: \(counted(votes, "vote")) of \(counted(apart.count, "reviewer")) who failed more "
                    + "than 15 % of the comparisons with pictures of a wrong type.")
        }
        if summary.otherTrial > 0 {
            lines.append("Left out: \(counted(summary.otherTrial, "vote")) of another trial.")
        }
        if summary.unknown > 0 {
            lines.append(
                "Left out: \(counted(summary.unknown, "vote")) on comparisons the key does not know."
            )
        }
        return (lines + rejected.map(\.sentence)).joined(separator: "\n")
    }

    private static func row(_ name: String, _ counts: Preferences) -> [String] {
        [name]
            + (counts.models.map { counts.preferred[$0, default: 0] }
            + [counts.equal, counts.neither]).map { "\($0)" }
    }
}

extension Reliability {
    /// What is known of the trust in the votes, one sentence each.
    fileprivate var sentences: [String] {
        func percent(_ share: Proportion) -> String {
            let value = share.share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
            return "\(value) of \(share.total)"
        }
        return [
            alpha.map { alpha in
                "Agreement between reviewers (Krippendorff's alpha): "
                    + "\(Double((alpha * 100).rounded()) / 100), on "
                    + "\(counted(alphaComparisons, "comparison"))."
            },
            oneself.total > 0
                ? "The same answer the second time: \(percent(oneself)) comparisons shown again."
                : nil,
            left.total > 0 ? "The left panel was preferred: \(percent(left)) decided votes." : nil,
            attention.total > 0
                ? "Failed tests of attention: \(percent(attention))." : nil,
        ].compactMap(\.self)
    }
}

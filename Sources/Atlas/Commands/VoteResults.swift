package import AtlasModel
import Messages
import Review
import Statistics

package struct MergeResult: Codable, Sendable, Equatable {
    /// Number of votes in the folder after the command.
    package let votes: Int
    package let added: Int
    /// Number of votes that the folder had already.
    package let duplicates: Int
    package let rejected: [Rejection]
}

package struct CloseResult: Codable, Sendable, Equatable {
    package let trial: String
    /// The folder to which `plan.json` and `key.json` were moved.
    package let path: String
}

/// The votes of a trial, counted; `--json` prints it as `docs/schema/votes-tally.schema.json` says.
package struct TallyResult: Sendable, Equatable {
    package let summary: VoteSummary
    package let rejected: [Rejection]

    /// The counts as a table for people, and their conclusion.
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
            lines.append(summary.statement)
        }
        if total.decided >= VoteSummary.fewestToDecide {
            lines.append(
                "The interval takes the votes as independent of each other, which several votes of one "
                    + "reviewer or on one picture are not quite.")
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

extension TallyResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case trial, votes, reviewers, decided, share, byType, otherTrial, unknown, rejected
    }

    private struct Share: Encodable {
        let share: Double
        /// Lower and upper end of the 95 % interval.
        let interval: [Double]
    }

    package func encode(to encoder: any Encoder) throws {
        let total = summary.total
        try total.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(summary.trial, forKey: .trial)
        try values.encode(total.votes, forKey: .votes)
        try values.encode(summary.reviewers, forKey: .reviewers)
        try values.encode(total.decided, forKey: .decided)
        let first = total.models[0]
        let proportion = total.share(of: first)
        let share = proportion.share.map { share in
            [
                first.id: Share(
                    share: share,
                    interval: [proportion.interval.lowerBound, proportion.interval.upperBound])
            ]
        }
        // Written as `null` too, so that a script always finds the member.
        try values.encode(share, forKey: .share)
        try values.encodeIfPresent(summary.byType, forKey: .byType)
        try values.encode(summary.otherTrial, forKey: .otherTrial)
        try values.encode(summary.unknown, forKey: .unknown)
        try values.encode(rejected, forKey: .rejected)
    }
}

/// `{pairwise, kmeans, equal, neither}`, the first two being the trial's models.
extension Preferences: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: MemberName.self)
        for (model, count) in preferred {
            try values.encode(count, forKey: MemberName(model.id))
        }
        try values.encode(equal, forKey: MemberName("equal"))
        try values.encode(neither, forKey: MemberName("neither"))
    }
}

extension Rejection {
    /// `votes.jsonl, line 3: why`.
    package var sentence: String {
        line == 0 ? "\(path): \(reason)" : "\(path), line \(line): \(reason)"
    }
}

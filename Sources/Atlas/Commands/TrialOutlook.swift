import AtlasModel
import Messages
import Review
import Statistics

/// What a trial asks of its reviewers, and what it can find out; `--json` prints it as
/// `docs/schema/votes-plan.schema.json` says.
package struct TrialOutlook: Codable, Sendable, Equatable {
    /// The running trial; `nil` for the trial that the next build would draw.
    package let trial: String?
    /// Pairs of compared models, by their ids.
    package let pairs: [[String]]
    package let reviewers: Int
    /// What one reviewer gets at most.
    package let each: Each
    /// Different comparisons of two models, of all parts together.
    package let comparisons: Int
    /// Minutes for one reviewer, at eight seconds a comparison.
    package let minutes: Int
    /// Decided votes of a pair that the reviewers give, if four of five votes are decided.
    package let expected: Int
    /// Number of decided votes of a pair at which its result is read; `nil` for a trial of an older
    /// release.
    package let decisive: Int?
    /// The share in percent that `decisive` votes tell from one half.
    package let detects: Int?
    /// The smallest share that the expected votes tell from one half; `nil` when they are too few.
    package let detectable: Double?
    /// Reviewers who give `decisive` votes.
    package let reviewersNeeded: Int?

    package struct Each: Codable, Sendable, Equatable {
        /// Comparisons of two models.
        package let normal: Int
        /// Some of them once more.
        package let again: Int
        /// Comparisons with a panel of a wrong type.
        package let attention: Int

        var total: Int { normal + again + attention }
    }

    /// Share of votes that are expected to prefer one panel, in percent.
    private static let decided = 80
    private static let secondsForOne = 8

    /// - Parameter running: the running trial, which is told instead of the next one.
    init(_ design: TrialDesign, running: ReviewPlan?) {
        let each: Each
        if let running {
            trial = running.trial
            pairs = running.pairs.map { $0.models.map(\.id) }
            (reviewers, decisive, detects) = (
                running.choices?.reviewers ?? design.reviewers, running.choices?.decisive,
                running.choices?.detects
            )
            comparisons = running.comparisons.count { $0.kind == .normal }
            func most(_ isOfKind: (ReviewPlan.Kind) -> Bool) -> Int {
                let byPart = Dictionary(
                    running.comparisons.filter { isOfKind($0.kind) }.map { ($0.part, 1) },
                    uniquingKeysWith: +)
                return byPart[0, default: 0] + (byPart.filter { $0.key > 0 }.values.max() ?? 0)
            }
            each = Each(
                normal: most { $0 == .normal },
                again: most { if case .again = $0 { true } else { false } },
                attention: most { $0 == .attention })
        } else {
            trial = nil
            pairs = design.pairs.map { $0.map(\.id) }
            let choices = design.choices
            (reviewers, decisive, detects) = (
                choices.reviewers, choices.decisive, choices.detects
            )
            each = Each(
                normal: design.comparisons, again: design.countAgain,
                attention: design.countAttention)
            comparisons = design.differentComparisons
        }
        self.each = each
        minutes = (each.total * Self.secondsForOne + 59) / 60
        let ofOne = each.normal * Self.decided / (100 * max(1, pairs.count))
        expected = reviewers * ofOne
        detectable = SignTest.detectable(with: expected)
        reviewersNeeded = decisive.flatMap { ofOne > 0 ? ($0 + ofOne - 1) / ofOne : nil }
    }

    /// The same for people.
    package var text: String {
        let names = pairs.map { $0.joined(separator: " and ") }.joined(separator: ", ")
        var lines = [
            trial.map { "The trial \($0) is running. It compares \(names)." }
                ?? "The next build draws a trial that compares \(names).",
            "Each reviewer gets at most \(counted(each.normal, "comparison")), "
                + "\(each.again) of them once more with the sides swapped, and \(each.attention) with "
                + "pictures of a wrong type: about \(counted(minutes, "minute")).",
            "\(counted(reviewers, "reviewer")) look at \(comparisons) different comparisons and "
                + "give about \(expected) decided votes on each pair of models.",
        ]
        if let decisive, let detects {
            lines.append(
                "The result is read at \(decisive) decided votes. They tell a true \(detects) : "
                    + "\(100 - detects) from 50 : 50 with a power of 80 % (exact sign test, 5 %, "
                    + "two-sided, independent votes).")
            if expected < decisive, let reviewersNeeded {
                lines.append(
                    "That takes \(counted(reviewersNeeded, "reviewer")). Ask more of them, or raise "
                        + "\"comparisons\" or \"detects\" under \"review\" in atlas.yml.")
            }
        }
        lines.append(
            detectable.map {
                "The expected votes tell \(Int(($0 * 100).rounded(.up))) % from 50 %. Votes on one "
                    + "picture are alike, and so are those of one reviewer, so it may take up to twice "
                    + "as many."
            } ?? "The expected votes are too few to tell any difference.")
        return lines.joined(separator: "\n")
    }
}

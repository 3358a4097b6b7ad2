import AtlasModel

/// A share of answers that are not independent of each other: several are by one reviewer, and several
/// are on one candidate.
package struct ClusteredShare: Sendable, Equatable {
    /// Number of answers.
    package let count: Int
    package let share: Double
    /// Variance of the share; `nil` with fewer than two groups in both divisions, or when all answers
    /// are equal.
    package let variance: Double?
    /// Degrees of freedom of the variance.
    package let degrees: Double
    /// Number of groups of the larger division, which count as independent if there is no variance.
    private let groups: Int

    /// One answer.
    package struct Answer: Sendable {
        package let isSuccess: Bool
        package let reviewer: Int
        package let candidate: Int

        package init(isSuccess: Bool, reviewer: Int, candidate: Int) {
            self.isSuccess = isSuccess
            self.reviewer = reviewer
            self.candidate = candidate
        }
    }

    /// The variance is that of A. C. Cameron, J. B. Gelbach and D. L. Miller (2011), "Robust Inference
    /// With Multiway Clustering", JBES 29: V(candidates) + V(reviewers) − V(answers), each with its
    /// correction G / (G − 1) for G groups. If one of the first two is larger, it is used instead
    /// (J. G. MacKinnon, M. Ø. Nielsen and M. D. Webb (2021), "Wild bootstrap and asymptotic inference
    /// with multiway clustering", JBES 39), so that it is never negative. A division into a single
    /// group is left out.
    ///
    /// The number of reviewers is small, so the interval uses Student's t with the degrees of freedom
    /// of F. E. Satterthwaite (1946), "An approximate distribution of estimates of variance
    /// components", Biometrics Bulletin 2: V² / Σ Vᵢ² / (Gᵢ − 1), as studies of several readers do (S. L.
    /// Hillis (2007), Statistics in Medicine 26). It is Wilson's interval with that quantile, for the
    /// number of independent answers that would have the same variance. `make bench-review` counts how often
    /// it covers the truth in simulated trials.
    /// - Parameter answers: at least one.
    package init(_ answers: [Answer]) {
        precondition(!answers.isEmpty, "a share of some answers")
        let n = Double(answers.count)
        let share = Double(answers.count(where: \.isSuccess)) / n
        func component(_ group: (Answer) -> Int) -> (variance: Double, groups: Int) {
            var sums: [Int: Double] = [:]
            for answer in answers {
                sums[group(answer), default: 0] += (answer.isSuccess ? 1 : 0) - share
            }
            guard sums.count > 1 else { return (0, sums.count) }
            let groups = Double(sums.count)
            // Squares of shares are added in a fixed order, so that the result has the same bytes.
            let squares = sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
            return (squares / (n * n) * groups / (groups - 1), sums.count)
        }
        let candidates = component(\.candidate)
        let reviewers = component(\.reviewer)
        (count, self.share) = (answers.count, share)
        groups = max(candidates.groups, reviewers.groups)
        let divisions = [candidates, reviewers].filter { $0.groups > 1 }
        let single = answers.count > 1 ? share * (1 - share) / (n - 1) : 0
        let sum =
            divisions.count == 2
            ? candidates.variance + reviewers.variance - single
            : divisions.first?.variance ?? 0
        let variance = max(sum, candidates.variance, reviewers.variance)
        guard variance > 0 else {
            (self.variance, degrees) = (nil, .infinity)
            return
        }
        self.variance = variance
        var parts = divisions.map { $0.variance * $0.variance / Double($0.groups - 1) }
        if divisions.count == 2 { parts.append(single * single / (n - 1)) }
        degrees = max(1, variance * variance / parts.reduce(0, +))
    }

    package var standardError: Double? { variance?.squareRoot() }

    /// Number of independent answers with the same variance; the number of groups if there is none.
    package var independentCount: Double {
        variance.map { share * (1 - share) / $0 } ?? Double(groups)
    }

    /// The interval that holds the true share with a confidence of 1 − `error`.
    package func interval(error: Double = 0.05) -> ClosedRange<Double> {
        Proportion.interval(
            of: share, among: independentCount,
            quantile: StudentT(degrees: degrees).quantile(tails: error))
    }

    /// Two-sided probability of a share at least so far from one half, if it is the truth; 1 without a
    /// variance.
    package var pValue: Double {
        guard let standardError else { return 1 }
        return StudentT(degrees: degrees).twoTails((share - 0.5) / standardError)
    }
}

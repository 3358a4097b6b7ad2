import AtlasModel
import RandomNumbers
import Statistics
import Testing

/// The comparison with other programs on larger data is in `Tests/Peers/test_trial_statistics.py`.
@Suite("The statistics of a trial")
struct TrialStatisticsTests {
    /// `scipy.stats.t.ppf(0.975, df)`, and for one degree of freedom tan(π · 0.475).
    @Test(
        "Quantiles of Student's t are SciPy's",
        arguments: [
            (1.0, 12.706204736174694), (3, 3.182446305283708), (4.5, 2.6589123472044),
            (200, 1.9718962236339), (1e9, 1.959963984540054),
        ])
    func student(degrees: Double, expected: Double) {
        #expect(abs(StudentT(degrees: degrees).quantile(tails: 0.05) - expected) < 1e-6 * expected)
    }

    /// K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section D: 0.743 for four
    /// observers with missing values.
    @Test("Alpha is that of the published example")
    func alpha() throws {
        let units = [
            [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
            [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [5, 5, 5], [1, 1], [3],
        ]
        let found = KrippendorffAlpha(units)
        #expect(found.values == 40 && found.units == 11)
        #expect(abs(try #require(found.alpha) - 0.743) < 0.0005)
    }

    @Test func `Krippendorff's alpha does not depend on the order of the units`() {
        let units = (0..<500).map { unit in
            (0..<2 + unit % 7).map { ($0 * $0 + unit * unit / 3) % 5 }
        }
        let alpha = KrippendorffAlpha(units).alpha
        for step in [3, 7, 11, 499] {
            let other = units.indices.map { units[$0 * step % units.count] }
            #expect(KrippendorffAlpha(other).alpha == alpha, "\(step)")
        }
    }

    @Test("Without disagreement that could be there is no alpha")
    func noAlpha() {
        #expect(KrippendorffAlpha([["A", "A"], ["A"]]).alpha == nil)
        #expect(KrippendorffAlpha([[String]]()).alpha == nil)
    }

    @Test("Answers that are all equal, or of one reviewer, still have an interval")
    func edges() {
        let equal = ClusteredShare(
            (0..<12).map { .init(isSuccess: true, reviewer: $0 % 2, candidate: $0 / 2) })
        #expect(equal.variance == nil)
        // Wilson's interval of 6 of 6, the number of candidates.
        #expect(abs(equal.interval().lowerBound - 6 / (6 + 3.841458820694124)) < 1e-9)
        #expect(equal.interval().upperBound == 1)
        let one = ClusteredShare(
            (0..<40).map { .init(isSuccess: $0 % 4 > 0, reviewer: 0, candidate: $0) })
        #expect(abs((one.variance ?? 0) - 0.75 * 0.25 / 39) < 1e-12)
    }

    @Test("Models that never lost have no strength")
    func separated() {
        let fit = Davidson(
            [
                .init(first: 0, second: 1, wins: 5, losses: 0, ties: 0),
                .init(first: 1, second: 2, wins: 3, losses: 3, ties: 0),
            ], models: 3)
        #expect(fit == nil)
    }

    @Test("A covariate that separates the answers gives no coefficients")
    func separatedAnswers() {
        let answers = (0..<60).map { index in
            LogisticRegression.Answer(
                isSuccess: index < 30, covariates: [index < 30 ? 1 : -1], reviewer: index % 3,
                candidate: index)
        }
        #expect(LogisticRegression(answers) == nil)
    }

    /// A smaller copy of `make bench-review`: 300 trials of four reviewers and 50 candidates. The
    /// candidates' standard deviation is 1 logit, the reviewers' 0.5.
    @Test("Clustered intervals cover the truth, intervals of independent votes do not")
    func coverage() {
        var random = SplitMix64(seed: 11)
        let truth = SimulatedTrial.share(centre: 0.5)
        var (clustered, plain) = (0, 0)
        for _ in 0..<300 {
            let answers = SimulatedTrial.answers(centre: 0.5, using: &random)
            if ClusteredShare(answers).interval().contains(truth) { clustered += 1 }
            let wins = answers.count(where: \.isSuccess)
            if Proportion(wins, of: answers.count).interval.contains(truth) { plain += 1 }
        }
        // 95 % of 300 are 285, with a standard deviation of 3.8.
        #expect((270...300).contains(clustered))
        #expect(plain < 250)
    }

    /// 300 sequences without a difference, looked at after every 10 of 300 answers.
    @Test("Looking every day seldom finds a difference that is not there")
    func peeking() {
        var random = SplitMix64(seed: 12)
        var (found, plain) = (0, 0)
        for _ in 0..<300 {
            let values = (0..<300).map { _ in random.unit() < 0.5 ? 1.0 : 0 }
            let looks = stride(from: 10, through: 300, by: 10).map { Array(values.prefix($0)) }
            if looks.contains(where: { BettingSequence($0).capital(0.5) >= 20 }) { found += 1 }
            let isSignificant = looks.contains { values in
                SignTest(Int(values.reduce(0, +)), of: values.count).pValue <= 0.05
            }
            if isSignificant { plain += 1 }
        }
        // 5 % of 300 are 15, with a standard deviation of 3.8.
        #expect(found <= 23)
        #expect(plain > 45)
    }
}

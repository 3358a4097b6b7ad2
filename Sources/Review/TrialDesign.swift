package import AtlasModel
import Statistics

/// What a trial shall be, before it is drawn.
package struct TrialDesign: Sendable, Equatable {
    /// Pairs of models to compare. The comparisons are divided among them.
    package var pairs: [[LikenessModel]]
    /// Largest number of comparisons that one reviewer is asked, without those shown again and those
    /// that test attention.
    package var comparisons: Int
    /// Largest number of targets in a panel.
    package var targets: Int
    /// Number of reviewers who are expected.
    package var reviewers: Int
    /// Percent of a reviewer's comparisons that are the same for all.
    package var shared: Int
    /// The share, in percent, that the trial shall tell from one half.
    package var detects: Int
    /// Points from 50 % up to which two models count as equally good.
    package var margin: Int
    /// Keys that are not asked about.
    package var excluded: Set<String> = []

    package init(
        pairs: [[LikenessModel]], comparisons: Int, targets: Int, reviewers: Int = 4
    ) {
        self.pairs = pairs
        self.comparisons = comparisons
        self.targets = targets
        self.reviewers = reviewers
        shared = 50
        detects = 60
        margin = 10
    }

    /// Percent of the comparisons that are shown once more with their sides swapped.
    static let again = 10
    /// Percent of the comparisons that are added to test attention.
    static let attention = 5

    package var choices: ReviewPlan.Choices {
        ReviewPlan.Choices(
            decisive: SignTest.answers(toDetect: Double(detects) / 100), detects: detects,
            margin: margin, reviewers: reviewers)
    }

    /// Number of a reviewer's comparisons that are shown again, if there are enough pictures.
    package var countAgain: Int {
        let inAll = Self.part(shared, of: comparisons)
        return Self.part(Self.again, of: inAll) + Self.part(Self.again, of: comparisons - inAll)
    }

    /// Number of a reviewer's tests of attention, if there are enough pictures.
    package var countAttention: Int { Self.part(Self.attention, of: comparisons) }

    /// Number of different comparisons of two models, if there are enough pictures.
    package var differentComparisons: Int {
        let inAll = Self.part(shared, of: comparisons)
        return inAll + reviewers * (comparisons - inAll)
    }

    /// `percent` of `count`, rounded; one half up.
    static func part(_ percent: Int, of count: Int) -> Int { (percent * count + 50) / 100 }
}

/// How the comparisons of one pair are divided into parts.
struct PartSizes: Equatable {
    /// Number of comparisons of part 0, 1, …
    let sizes: [Int]

    /// Every reviewer gets `each` comparisons, `shared` of them in part 0, if there are enough. Else
    /// there are fewer parts. If there are not more than a reviewer gets, all are in part 0.
    ///
    ///     PartSizes(available: 500, each: 60, shared: 30, parts: 4).sizes  // [30, 30, 30, 30, 30]
    ///     PartSizes(available: 100, each: 60, shared: 30, parts: 4).sizes  // [30, 30, 30]
    ///     PartSizes(available: 50, each: 60, shared: 30, parts: 4).sizes   // [50]
    init(available: Int, each: Int, shared: Int, parts: Int) {
        let own = each - shared
        let count = own > 0 ? min(parts, (available - shared) / own) : 0
        sizes =
            available <= each || count < 2
            ? [min(available, each)] : [shared] + Array(repeating: own, count: count)
    }
}

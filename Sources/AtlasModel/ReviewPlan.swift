/// The comparisons of a blind trial, fixed when the trial begins, with the model of each side.
package struct ReviewPlan: Sendable, Equatable {
    /// Random name of the trial. Votes contain it.
    package let trial: String
    /// In random order. What a comparison is for does not show in its place or its name.
    package let comparisons: [Comparison]
    /// Shown to every reviewer before the first comparison, and never counted; `nil` when none could
    /// be made.
    package let practice: Comparison?
    /// Number of parts besides part 0. Every reviewer gets part 0 and one of the others.
    package let parts: Int
    /// The pairs of models that are compared, each with what was not asked.
    package let pairs: [Pair]
    /// What was decided before the first vote; `nil` for a trial that an older release began.
    package let choices: Choices?

    package init(
        trial: String, comparisons: [Comparison], practice: Comparison? = nil, parts: Int = 0,
        pairs: [Pair] = [], choices: Choices? = nil
    ) {
        self.trial = trial
        self.comparisons = comparisons
        self.practice = practice
        self.parts = parts
        self.pairs = pairs
        self.choices = choices
    }

    /// The same trial with some of its comparisons.
    /// - Parameter isShown: whether a comparison stays; it is also asked for the practice.
    package func keeping(_ isShown: (Comparison) -> Bool) -> ReviewPlan {
        ReviewPlan(
            trial: trial, comparisons: comparisons.filter(isShown),
            practice: practice.flatMap { isShown($0) ? $0 : nil }, parts: parts, pairs: pairs,
            choices: choices)
    }

    /// Largest number of comparisons that one reviewer gets, without the practice.
    package var countForOne: Int {
        let byPart = Dictionary(grouping: comparisons, by: \.part).mapValues(\.count)
        return byPart[0, default: 0] + (byPart.filter { $0.key > 0 }.values.max() ?? 0)
    }

    /// What a comparison is for.
    package enum Kind: Sendable, Hashable {
        /// Two models, counted.
        case normal
        /// The comparison with this id once more, with its sides swapped: agreement with oneself.
        case again(of: String)
        /// One panel has pictures of another type than the candidate's: attention.
        case attention
        /// Like `attention`, to learn the page.
        case practice
    }

    /// One question: which panel is more similar to the candidate?
    package struct Comparison: Sendable, Equatable {
        /// Random name of the question, 16 hexadecimal digits; it does not depend on the candidate.
        package let id: String
        package let kind: Kind
        /// 0 for a comparison that every reviewer gets, 1 to `parts` for one of a part.
        package let part: Int
        /// Key of the candidate.
        package let candidate: String
        package let a: Panel
        package let b: Panel

        package init(
            id: String, kind: Kind = .normal, part: Int = 0, candidate: String, a: Panel, b: Panel
        ) {
            self.id = id
            self.kind = kind
            self.part = part
            self.candidate = candidate
            self.a = a
            self.b = b
        }

        /// Every key that the comparison shows.
        package var keys: [String] { [candidate] + (a.targets + b.targets).map(\.key) }
    }

    /// One side of a comparison.
    package struct Panel: Sendable, Equatable {
        /// `nil` for pictures of a wrong type, which no model returned.
        package let model: LikenessModel?
        /// Keys and rotations of the targets, best first.
        package let targets: [Target]

        package init(model: LikenessModel?, targets: [Target]) {
            self.model = model
            self.targets = targets
        }
    }

    /// A picture of a panel.
    package struct Target: Sendable, Hashable, Codable {
        package let key: String
        /// Degrees counter-clockwise (0, 90, 180, 270) by which the target is rotated.
        package let rotation: Int

        package init(key: String, rotation: Int) {
            self.key = key
            self.rotation = rotation
        }
    }
}

extension ReviewPlan {
    /// Two compared models.
    package struct Pair: Sendable, Equatable {
        /// Two, in the order of the settings.
        package let models: [LikenessModel]
        /// Number of pictures for which both models returned the same number of targets.
        package let pictures: Int
        /// Number of them with the same targets in both panels. They are not asked about: nobody
        /// could prefer one.
        package let identical: Int

        package init(models: [LikenessModel], pictures: Int, identical: Int) {
            self.models = models
            self.pictures = pictures
            self.identical = identical
        }
    }

    /// Decisions that must be made before votes are seen.
    package struct Choices: Sendable, Equatable, Codable {
        /// Number of votes for one of two models at which the result of their pair is read.
        package let decisive: Int
        /// The share of such votes, in percent, that the trial shall tell from one half.
        package let detects: Int
        /// Points from 50 % up to which two models count as equally good.
        package let margin: Int
        /// Number of reviewers who are expected.
        package let reviewers: Int

        package init(decisive: Int, detects: Int, margin: Int, reviewers: Int) {
            self.decisive = decisive
            self.detects = detects
            self.margin = margin
            self.reviewers = reviewers
        }
    }
}

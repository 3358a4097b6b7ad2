/// The comparisons of a blind trial, fixed when it begins, and which model is on which side.
public struct ReviewPlan: Sendable, Equatable {
    /// Random name of the trial; votes carry it.
    public let trial: String
    public let comparisons: [Comparison]

    public init(trial: String, comparisons: [Comparison]) {
        self.trial = trial
        self.comparisons = comparisons
    }

    /// One question: which panel is more like the candidate?
    public struct Comparison: Sendable, Equatable {
        /// Random name of the question, 16 hexadecimal digits; it does not depend on the candidate.
        public let id: String
        /// Key of the candidate.
        public let candidate: String
        public let a: Panel
        public let b: Panel

        public init(id: String, candidate: String, a: Panel, b: Panel) {
            self.id = id
            self.candidate = candidate
            self.a = a
            self.b = b
        }
    }

    /// One side of a comparison.
    public struct Panel: Sendable, Equatable {
        public let model: LikenessModel
        /// Keys of the targets and how each is turned, best first.
        public let targets: [Target]

        public init(model: LikenessModel, targets: [Target]) {
            self.model = model
            self.targets = targets
        }
    }

    /// A picture of a panel.
    public struct Target: Sendable, Hashable, Codable {
        public let key: String
        /// Degrees counter-clockwise (0, 90, 180, 270) that it is turned by.
        public let rotation: Int

        public init(key: String, rotation: Int) {
            self.key = key
            self.rotation = rotation
        }
    }
}

/// The comparisons of a blind trial, fixed when the trial begins, with the model of each side.
package struct ReviewPlan: Sendable, Equatable {
    /// Random name of the trial. Votes contain it.
    package let trial: String
    package let comparisons: [Comparison]

    package init(trial: String, comparisons: [Comparison]) {
        self.trial = trial
        self.comparisons = comparisons
    }

    /// One question: which panel is more similar to the candidate?
    package struct Comparison: Sendable, Equatable {
        /// Random name of the question, 16 hexadecimal digits; it does not depend on the candidate.
        package let id: String
        /// Key of the candidate.
        package let candidate: String
        package let a: Panel
        package let b: Panel

        package init(id: String, candidate: String, a: Panel, b: Panel) {
            self.id = id
            self.candidate = candidate
            self.a = a
            self.b = b
        }
    }

    /// One side of a comparison.
    package struct Panel: Sendable, Equatable {
        package let model: LikenessModel
        /// Keys and rotations of the targets, best first.
        package let targets: [Target]

        package init(model: LikenessModel, targets: [Target]) {
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

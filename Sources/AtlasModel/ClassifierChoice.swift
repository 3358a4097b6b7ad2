/// What a classifier looks at.
package enum ClassifierKind: Sendable, Equatable {
    /// Pixels.
    case network
    /// Histograms of colours and textures.
    case textures
    /// Both.
    case fused
}

/// The classifiers that were tried before one was chosen.
package struct ClassifierChoice: Sendable, Equatable {
    /// A classifier that could be chosen.
    package struct Candidate: Sendable, Equatable {
        package let name: String
        package let kind: ClassifierKind
        /// The dev pictures that are predicted as labelled; `nil` if it was not trained, because that
        /// would have taken longer than allowed.
        package let dev: Proportion?
        /// Estimated seconds of all its trainings, on two cores.
        package let cost: Double

        package init(name: String, kind: ClassifierKind, dev: Proportion?, cost: Double) {
            self.name = name
            self.kind = kind
            self.dev = dev
            self.cost = cost
        }
    }

    /// In the order in which they were tried.
    package let candidates: [Candidate]
    /// Seconds of training that were allowed.
    package let budget: Double

    package init(candidates: [Candidate], budget: Double) {
        self.candidates = candidates
        self.budget = budget
    }
}

/// A target that a likeness model returned for a candidate.
package struct Match: Sendable, Hashable {
    /// Index of the target in the collection's key order.
    package let target: Int
    /// Distance by the measure of the model's view, from 0 (identical) to 2 (opposite).
    package let distance: Double
    /// Degrees counter-clockwise (0, 90, 180, 270) by which the target was rotated to match.
    package let rotation: Int

    package init(target: Int, distance: Double, rotation: Int) {
        self.target = target
        self.distance = distance
        self.rotation = rotation
    }

    /// Similarity in percent, as shown to people: 100 · (1 − distance / 2).
    package var score: Double { 100 * (1 - distance / 2) }
}

/// The targets of every picture by one likeness model.
package struct Neighbours: Sendable, Equatable {
    package let model: LikenessModel
    /// For each picture in key order its targets, best first, at most `top` of them.
    package let matches: [[Match]]

    package init(model: LikenessModel, matches: [[Match]]) {
        self.model = model
        self.matches = matches
    }
}

/// How long a likeness model took.
package struct LikenessTime: Sendable, Equatable {
    package let model: LikenessModel
    /// Seconds to fit the model, or to compute the features it compares; `nil` when there is
    /// nothing to fit or the time is unknown.
    package let fit: Double?
    /// Seconds to find the targets of all pictures; `nil` when unknown. Models that share a pass
    /// over the pictures have the same time.
    package let answers: Double?

    package init(model: LikenessModel, fit: Double?, answers: Double?) {
        self.model = model
        self.fit = fit
        self.answers = answers
    }
}

/// What the pages show about a fitted K-Means model.
package struct Clustering: Sendable, Equatable {
    package let k: Int
    /// Cluster of each picture in key order. Clusters are numbered from 0 by falling size.
    package let assignments: [Int]
    /// Pictures in each cluster.
    package let sizes: [Int]
    /// Sum of squared Euclidean distances to the nearest centroid on pixels / 255, by k, ascending:
    /// the elbow curve. It has one point when k was given, and none when the model was fitted to
    /// other pictures.
    package let inertia: [ElbowPoint]
    /// The k that the elbow curve suggests, `nil` when k was given.
    package let suggested: Int?
    /// Mean picture of each cluster, `(28, 28, 3) uint8` row-major; empty when they are not shown.
    package let means: [[UInt8]]

    package init(
        k: Int, assignments: [Int], sizes: [Int], inertia: [ElbowPoint], suggested: Int?,
        means: [[UInt8]] = []
    ) {
        self.k = k
        self.assignments = assignments
        self.sizes = sizes
        self.inertia = inertia
        self.suggested = suggested
        self.means = means
    }
}

/// A point of the elbow curve.
package struct ElbowPoint: Sendable, Hashable {
    package let k: Int
    package let inertia: Double

    package init(k: Int, inertia: Double) {
        self.k = k
        self.inertia = inertia
    }
}

/// A target that a likeness model returned for a candidate.
public struct Match: Sendable, Hashable {
    /// Index of the target in the collection's key order.
    public let target: Int
    /// By the measure of the model's view: 0 identical, 2 opposite.
    public let distance: Double
    /// Degrees counter-clockwise (0, 90, 180, 270) that the target was turned by to match.
    public let rotation: Int

    public init(target: Int, distance: Double, rotation: Int) {
        self.target = target
        self.distance = distance
        self.rotation = rotation
    }

    /// Similarity in percent, what people read: 100 · (1 − distance / 2).
    public var score: Double { 100 * (1 - distance / 2) }
}

/// The targets of every picture by one likeness model.
public struct Neighbours: Sendable, Equatable {
    public let model: LikenessModel
    /// For each picture in key order its targets, best first, at most `top` of them.
    public let matches: [[Match]]

    public init(model: LikenessModel, matches: [[Match]]) {
        self.model = model
        self.matches = matches
    }
}

/// How long a likeness model took.
public struct LikenessTime: Sendable, Equatable {
    public let model: LikenessModel
    /// Seconds to fit it, or to make the features it compares; `nil` when there is nothing to fit or
    /// it is not known.
    public let fit: Double?
    /// Seconds for the targets of all pictures; `nil` when it is not known. Models that share a
    /// pass over the pictures have the same.
    public let answers: Double?

    public init(model: LikenessModel, fit: Double?, answers: Double?) {
        self.model = model
        self.fit = fit
        self.answers = answers
    }
}

/// What the pages say of a fitted K-Means model.
public struct Clustering: Sendable, Equatable {
    public let k: Int
    /// Cluster of each picture in key order, from 0 by falling size.
    public let assignments: [Int]
    /// Pictures in each cluster.
    public let sizes: [Int]
    /// Sum of squared Euclidean distances to the nearest centroid on pixels / 255, by k, ascending:
    /// the elbow curve. One point only when k was given; none when the model was fitted to other
    /// pictures.
    public let inertia: [ElbowPoint]
    /// The k that the elbow curve suggests, `nil` when k was given.
    public let suggested: Int?
    /// Mean picture of each cluster, `(28, 28, 3) uint8` row-major; empty when they are not shown.
    public let means: [[UInt8]]

    public init(
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
public struct ElbowPoint: Sendable, Hashable {
    public let k: Int
    public let inertia: Double

    public init(k: Int, inertia: Double) {
        self.k = k
        self.inertia = inertia
    }
}

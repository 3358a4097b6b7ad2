/// A target that a likeness model returned for a candidate. It takes 16 bytes, because a build holds
/// several hundred thousand.
package struct Match: Sendable, Hashable {
    /// Distance by the measure of the model's view, from 0 (identical) to 2 (opposite).
    package let distance: Double
    private let index: Int32
    private let degrees: Int16

    /// Index of the target in the collection's key order.
    package var target: Int { Int(index) }
    /// Degrees counter-clockwise (0, 90, 180, 270) by which the target was rotated to match.
    package var rotation: Int { Int(degrees) }

    package init(target: Int, distance: Double, rotation: Int) {
        index = Int32(target)
        self.distance = distance
        degrees = Int16(rotation)
    }

    /// Similarity in percent, as shown to people: 100 · (1 − distance / 2).
    package var score: Double { 100 * (1 - distance / 2) }
}

/// The targets of every picture by one likeness model.
package struct Neighbours: Sendable, Equatable {
    package let model: LikenessModel
    /// For each picture in key order its targets, best first. What a search finds with folded targets is
    /// longer than `top` (`Folding`).
    package let matches: [[Match]]
    /// What an approximate search has found of the nearest; `nil` for an exact search.
    package let recall: SearchRecall?

    package init(model: LikenessModel, matches: [[Match]], recall: SearchRecall? = nil) {
        self.model = model
        self.matches = matches
        self.recall = recall
    }
}

/// How many of the targets of an exact search an approximate one has found.
package struct SearchRecall: Sendable, Equatable {
    /// Number of pictures that both searches were asked about.
    package let pictures: Int
    /// Number of the first targets that count.
    package let targets: Int
    /// Share of these targets of all these pictures that was found.
    package let share: Double

    package init(pictures: Int, targets: Int, share: Double) {
        self.pictures = pictures
        self.targets = targets
        self.share = share
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
    /// Sum of squared Euclidean distances to the nearest centroid, on pixels / 255 or on features of
    /// length 1, by k, ascending: the elbow curve. It has one point when k was given, and none when the
    /// model was fitted to other pictures.
    package let inertia: [ElbowPoint]
    /// The k that the elbow curve suggests, `nil` when k was given.
    package let suggested: Int?
    /// Mean picture of each cluster, `(28, 28, 3) uint8` row-major; empty when they are not shown. For
    /// another view than pixels, the picture that is nearest to the centroid.
    package let means: [[UInt8]]
    /// What K-Means compared; `nil` for pixels.
    package let view: LikenessView?

    package init(
        k: Int, assignments: [Int], sizes: [Int], inertia: [ElbowPoint], suggested: Int?,
        means: [[UInt8]] = [], view: LikenessView? = nil
    ) {
        self.k = k
        self.assignments = assignments
        self.sizes = sizes
        self.inertia = inertia
        self.suggested = suggested
        self.means = means
        self.view = view
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

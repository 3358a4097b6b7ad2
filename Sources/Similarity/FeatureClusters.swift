package import AtlasModel

/// A fitted K-Means model of features that are compared by their cosine.
///
/// Each row of features is divided by its length; a row of zeros stays as it is. The squared
/// Euclidean distance of two rows of length 1 is twice their cosine distance, so pictures that are
/// near by the cosine are near here.
package struct FeatureClusters: Sendable, Equatable {
    /// `(k, width) float32`: the means of the rows of each cluster, clusters by falling size.
    package let centroids: FeatureVectors
    /// Number of rows in each cluster when the model was fitted, in falling order.
    package let sizes: [Int]
    /// Whether it was fitted on all four rotations of each picture.
    package let rotations: Bool
    /// The elbow curve from which k was chosen: the least inertia for each k, ascending in k.
    package let elbow: [ElbowPoint]
    /// The k that the elbow curve suggested; `nil` when k was given.
    package let suggested: Int?

    package init(
        centroids: FeatureVectors, sizes: [Int], rotations: Bool, elbow: [ElbowPoint],
        suggested: Int?
    ) {
        self.centroids = centroids
        self.sizes = sizes
        self.rotations = rotations
        self.elbow = elbow
        self.suggested = suggested
    }

    /// Number of clusters.
    package var k: Int { sizes.count }

    /// The cluster of each row: that of the nearest centroid; of equally near ones, the lower number.
    ///
    /// With the centroids (1, 0) and (0, 1), the row (3, 1) is in cluster 0.
    package func assignments(of features: FeatureVectors) -> [Int32] {
        scores(of: features).map { scores in
            Int32(scores.indices.reduce(0) { scores[$1] < scores[$0] ? $1 : $0 })
        }
    }

    /// For each row the clusters of its nearest centroids, nearest first; of equally near ones, the lower number. Fewer
    /// if there are fewer clusters.
    func nearest(_ count: Int, to features: FeatureVectors) -> [[Int]] {
        scores(of: features).map { scores in
            Array((0..<k).sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(count))
        }
    }

    /// For each row its squared distance from each centroid, less the square of the row, which is the same for all.
    private func scores(of features: FeatureVectors) -> some Sequence<[Double]> {
        let unit = UnitRows(features)
        let squares = (0..<k).map { FeatureProduct.of(centroids, $0, centroids, $0) }
        return (0..<unit.count).lazy.map { row in
            (0..<k).map { cluster in
                squares[cluster] - 2 * FeatureProduct.of(unit.rows, row, centroids, cluster)
            }
        }
    }

    /// For each cluster the row that is nearest to its centroid, among the rows of the cluster; of
    /// equally near ones, the first. `nil` for a cluster without rows.
    package func middles(of features: FeatureVectors, _ assignments: [Int32]) -> [Int?] {
        let unit = UnitRows(features)
        var best = [(row: Int, score: Double)?](repeating: nil, count: k)
        for row in 0..<unit.count {
            let cluster = Int(assignments[row])
            // |x|² is 1 for all rows but those of zeros.
            let score =
                FeatureProduct.of(unit.rows, row, unit.rows, row)
                - 2 * FeatureProduct.of(unit.rows, row, centroids, cluster)
            if score < best[cluster]?.score ?? .infinity { best[cluster] = (row, score) }
        }
        return best.map { $0?.row }
    }
}

/// Rows of features, divided by their lengths and rounded to single precision.
struct UnitRows: Sendable {
    let rows: FeatureVectors

    init(_ features: FeatureVectors) {
        let width = features.width
        var values = features.values
        for row in 0..<features.count {
            let square = FeatureProduct.of(features, row, features, row)
            guard square > 0 else { continue }
            let length = square.squareRoot()
            for place in row * width..<(row + 1) * width {
                values[place] = Float(Double(values[place]) / length)
            }
        }
        rows = FeatureVectors(values: values, width: width)
    }

    var count: Int { rows.count }
    var width: Int { rows.width }
}

/// Products of rows in double precision.
enum FeatureProduct {
    /// Σxy of row `i` of `left` and row `j` of `right`, in eight sums that are added at the end. Each
    /// product is exact.
    static func of(_ left: FeatureVectors, _ i: Int, _ right: FeatureVectors, _ j: Int) -> Double {
        left.values.withUnsafeBufferPointer { own in
            right.values.withUnsafeBufferPointer { others in
                of(own, i * left.width, others, j * right.width, left.width)
            }
        }
    }

    /// Σxy of `width` values from `i` and from `j` on.
    static func of(
        _ left: UnsafeBufferPointer<Float>, _ i: Int, _ right: UnsafeBufferPointer<Float>, _ j: Int,
        _ width: Int
    ) -> Double {
        var sums = SIMD8<Double>.zero
        var place = 0
        while place + 8 <= width {
            var (x, y) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            for lane in 0..<8 {
                x[lane] = left[i + place + lane]
                y[lane] = right[j + place + lane]
            }
            sums += SIMD8<Double>(x) * SIMD8<Double>(y)
            place += 8
        }
        var sum = sums.sum()
        while place < width {
            sum += Double(left[i + place]) * Double(right[j + place])
            place += 1
        }
        return sum
    }
}

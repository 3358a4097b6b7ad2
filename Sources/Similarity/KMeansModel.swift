package import AtlasModel
package import Parallel

/// A fitted K-Means model: squared Euclidean distances of model vectors / 255.
package struct KMeansModel: Sendable, Equatable {
    /// `(k, 2352) float32`, row-major, in pixels / 255; clusters by falling size.
    package let centroids: [Float]
    /// Number of points in each cluster when the model was fitted, in falling order.
    package let sizes: [Int]
    /// Whether it was fitted on all four rotations of each picture.
    package let rotations: Bool
    /// The elbow curve from which k was chosen: the least inertia for each k, ascending in k.
    package let elbow: [ElbowPoint]
    /// The k that the elbow curve suggested; `nil` when k was given.
    package let suggested: Int?

    /// Number of clusters.
    package var k: Int { sizes.count }

    /// The cluster of each vector, in order: that of the nearest centroid; of equally near ones,
    /// the lower number.
    ///
    /// With a black and a white centroid, a dark picture is in cluster 0 and a bright one in cluster 1.
    /// Without vectors the result is empty.
    /// - Parameter quarterTurns: counter-clockwise turns of the pictures before they are compared.
    /// - Throws: nothing of its own.
    package func assignments(of vectors: ModelVectors, quarterTurns: Int = 0, workers: Workers)
        throws -> [Int32]
    {
        try assignments(of: vectors, turns: quarterTurns..<quarterTurns + 1, workers: workers)[0]
    }

    /// The clusters in several turns, `[turn][vector]`.
    ///
    /// Single precision with an error bound decides most of them; double precision decides the
    /// others.
    func assignments(of vectors: ModelVectors, turns: Range<Int>, workers: Workers) throws
        -> [[Int32]]
    {
        let wide = centroids.map { Double($0) * 255 }
        let turned = turns.map { TurnedCentroids(wide, k: k, quarterTurns: (4 - $0) & 3) }
        let found = try workers.map(vectors.count, chunk: 64) { index in
            let vector = vectors.floats(index..<index + 1, from: TurnedCentroids.middle)
            return zip(turns, turned).map { turn, centroids in
                centroids.nearest(to: vector)
                    ?? nearest(to: vectors.turned(index, quarterTurns: turn), wide)
            }
        }
        return turns.indices.map { turn in found.map { $0[turn - turns.lowerBound] } }
    }

    private func nearest(to vector: [UInt8], _ wide: [Double]) -> Int32 {
        var best = 0
        var least = Double.infinity
        vector.withUnsafeBufferPointer { vector in
            wide.withUnsafeBufferPointer { wide in
                for cluster in 0..<k {
                    let start = cluster * ModelVectors.length
                    var sum = 0.0
                    for i in 0..<ModelVectors.length {
                        let difference = Double(vector[i]) - wide[start + i]
                        sum += difference * difference
                    }
                    if sum < least {
                        least = sum
                        best = cluster
                    }
                }
            }
        }
        return Int32(best)
    }
}

/// Centroids for screening in single precision. Instead of the vectors, the centroids are rotated
/// in the opposite direction.
private struct TurnedCentroids {
    private typealias Lanes = SIMD16<Float>

    /// Centroids in bytes, minus 128, `(k, 2352)`.
    private let values: [Float]
    /// Squared lengths of `values`.
    private let squares: [Double]

    /// Number of rounding errors in a product: each lane adds up 147 products, then the 16 lanes
    /// are added. A centroid and a product are rounded once each. Two more are for double
    /// precision.
    private static let roundings =
        ModelVectors.length / Lanes.scalarCount + Lanes.scalarCount + 4

    init(_ wide: [Double], k: Int, quarterTurns: Int) {
        let length = ModelVectors.length
        let sources = ModelVectors.turnSources[quarterTurns]
        let centred = (0..<k).flatMap { cluster in
            sources.map { wide[cluster * length + $0] - 128 }
        }
        values = centred.map(Float.init)
        squares = (0..<k).map { cluster in
            centred[cluster * length..<(cluster + 1) * length].reduce(0) { $0 + $1 * $1 }
        }
    }

    /// The centroid with the smallest |c|² − 2x·c; `nil` if the error bound allows more than one.
    /// - Parameter vector: minus `middle`.
    func nearest(to vector: [Float]) -> Int32? {
        var best: (cluster: Int, score: Double, error: Double)?
        // The largest overlap of the intervals of two values.
        var overlap = -Double.infinity
        for cluster in squares.indices {
            let score = squares[cluster] - 2 * Double(product(vector, cluster))
            let error =
                2 * Rounding.gamma(Self.roundings) * Self.longest * squares[cluster].squareRoot()
                + KMeansRun.squareError * squares[cluster]
            guard let known = best else {
                best = (cluster, score, error)
                continue
            }
            overlap = max(overlap, error + known.error - abs(score - known.score))
            if score < known.score { best = (cluster, score, error) }
        }
        return best.flatMap { overlap < 0 ? Int32($0.cluster) : nil }
    }

    static let middle = [UInt8](repeating: 128, count: ModelVectors.length)
    /// The largest distance of a vector from the middle.
    private static let longest = 128 * Double(ModelVectors.length).squareRoot()

    private func product(_ vector: [Float], _ cluster: Int) -> Float {
        vector.withUnsafeBytes { vector in
            values.withUnsafeBytes { values in
                let size = MemoryLayout<Float>.stride
                var sum = Lanes.zero
                for start in stride(from: 0, to: ModelVectors.length, by: Lanes.scalarCount) {
                    sum +=
                        vector.loadUnaligned(fromByteOffset: start * size, as: Lanes.self)
                        * values.loadUnaligned(
                            fromByteOffset: (cluster * ModelVectors.length + start) * size,
                            as: Lanes.self)
                }
                return sum.sum()
            }
        }
    }
}

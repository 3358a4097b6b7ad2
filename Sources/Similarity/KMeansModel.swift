public import AtlasModel
public import Parallel

/// A fitted K-Means model: Euclidean on model vectors / 255.
public struct KMeansModel: Sendable, Equatable {
    /// `(k, 2352) float32`, row-major, in pixels / 255; clusters by falling size.
    public let centroids: [Float]
    /// Points in each cluster when it was fitted.
    public let sizes: [Int]
    /// Whether it was fitted on all four turns of each picture.
    public let rotations: Bool
    /// Best inertia by k, ascending: the elbow curve it was chosen from.
    public let elbow: [ElbowPoint]
    /// What the elbow curve suggested; `nil` when k was given.
    public let suggested: Int?

    public var k: Int { sizes.count }

    /// The nearest centroid of each vector, turned by quarter turns first; the lower number of equals.
    public func assignments(of vectors: ModelVectors, quarterTurns: Int = 0, workers: Workers)
        throws
        -> [Int32]
    {
        try assignments(of: vectors, turns: quarterTurns..<quarterTurns + 1, workers: workers)[0]
    }

    /// The same for several turns, `[turn][vector]`.
    ///
    /// Single precision tells most; where its bound leaves a doubt, double precision decides.
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

/// Centroids turned the other way than the vectors would have to be, for quick comparisons.
private struct TurnedCentroids {
    private typealias Lanes = SIMD16<Float>

    /// In bytes less 128, `(k, 2352)`.
    private let values: [Float]
    private let squares: [Double]

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

    /// The nearest centroid by |c|² − 2x·c, or `nil` when another may be as near.
    /// - Parameter vector: less `middle`.
    func nearest(to vector: [Float]) -> Int32? {
        // Centroids and products are rounded, a lane adds up 147 products, and lanes are added.
        let roundings = Rounding.gamma(
            ModelVectors.length / Lanes.scalarCount + Lanes.scalarCount + 4)
        var best: (cluster: Int, score: Double, error: Double)?
        var rivals = -Double.infinity
        for cluster in squares.indices {
            let score = squares[cluster] - 2 * Double(product(vector, cluster))
            let error =
                2 * roundings * Self.longest * squares[cluster].squareRoot() + 1e-11
                * squares[cluster]
            if let known = best, score >= known.score {
                rivals = max(rivals, known.score + known.error - score + error)
            } else {
                if let known = best {
                    rivals = max(rivals, score + error - known.score + known.error)
                }
                best = (cluster, score, error)
            }
        }
        return best.flatMap { rivals < 0 ? Int32($0.cluster) : nil }
    }

    static let middle = [UInt8](repeating: 128, count: ModelVectors.length)
    /// No vector is further from the middle.
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

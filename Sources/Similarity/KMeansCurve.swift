package import AtlasModel
package import Parallel

extension KMeansModel {
    /// Relative difference up to which two inertias count as equal. The centroids of a model are stored
    /// in single precision, which for a mean c of n points adds only n|c − fl(c)|² ≤ 2⁻⁴⁸ n|c|²; a
    /// changed picture changes the inertia far more.
    private static let inertiaTolerance = 1e-6

    /// Whether the elbow curve belongs to these vectors: whether their inertia with the centroids
    /// of the model equals the inertia in the curve for the model's k.
    ///
    /// True for the vectors that the model was fitted on; false without a curve.
    /// - Parameter clusters: `assignments` of the vectors.
    /// - Throws: nothing of its own.
    package func curveIsOf(
        _ vectors: ModelVectors, in clusters: [Int32], workers: Workers
    ) throws -> Bool {
        guard let point = elbow.first(where: { $0.k == k }) else { return false }
        let others = rotations ? try assignments(of: vectors, turns: 1..<4, workers: workers) : []
        let measured = try inertia(of: vectors, in: [clusters] + others, workers: workers)
        return abs(measured - point.inertia) <= Self.inertiaTolerance * max(1, point.inertia)
    }

    /// The model without the elbow curve.
    package var withoutCurve: KMeansModel {
        KMeansModel(
            centroids: centroids, sizes: sizes, rotations: rotations, elbow: [], suggested: nil)
    }

    /// Sum of squared distances to the nearest centroids on pixels / 255, over some turns.
    /// - Parameter clusters: `[turn][vector]`.
    private func inertia(of vectors: ModelVectors, in clusters: [[Int32]], workers: Workers) throws
        -> Double
    {
        let turns = clusters.indices
        // With the sum s of the n vectors of a cluster, in integers, the squared distances to its centroid
        // c add up to the sum of |x|² − 2 c·s + n |c|².
        let length = ModelVectors.length
        let slice = max(1, (vectors.count + workers.count - 1) / workers.count)
        let parts = try workers.map(workers.count) { part in
            var sums = [Int](repeating: 0, count: k * length)
            var counts = [Int](repeating: 0, count: k)
            var squares = 0
            for index in min(part * slice, vectors.count)..<min((part + 1) * slice, vectors.count) {
                for turn in turns {
                    let cluster = Int(clusters[turn][index])
                    let vector =
                        turn == 0
                        ? Array(vectors[index]) : vectors.turned(index, quarterTurns: turn)
                    counts[cluster] += 1
                    squares += Self.add(vector, to: &sums, at: cluster * length)
                }
            }
            return (sums: sums, counts: counts, squares: squares)
        }
        var inertia = parts.reduce(0.0) { $0 + Double($1.squares) } / (255 * 255)
        for cluster in 0..<k {
            let count = parts.reduce(0) { $0 + $1.counts[cluster] }
            for place in cluster * length..<(cluster + 1) * length {
                let sum = parts.reduce(0) { $0 + $1.sums[place] }
                let centre = Double(centroids[place])
                inertia += centre * (Double(count) * centre - 2 * Double(sum) / 255)
            }
        }
        return inertia
    }

    /// Adds a vector of bytes to the sums from `start` on.
    /// - Returns: the sum of the squares of its values.
    private static func add(_ vector: [UInt8], to sums: inout [Int], at start: Int) -> Int {
        var squares: UInt32 = 0
        sums.withUnsafeMutableBufferPointer { sums in
            vector.withUnsafeBufferPointer { vector in
                for i in vector.indices {
                    sums[start + i] &+= Int(vector[i])
                    squares &+= UInt32(vector[i]) &* UInt32(vector[i])
                }
            }
        }
        return Int(squares)
    }
}

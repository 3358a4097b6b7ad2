public import AtlasModel
public import Parallel

extension KMeansModel {
    /// Whether the elbow curve was measured on these vectors: whether their inertia by the model's
    /// centroids is the one that the curve has for its k.
    public func curveIsOf(_ vectors: ModelVectors, workers: Workers) throws -> Bool {
        guard let point = elbow.first(where: { $0.k == k }) else { return false }
        let measured = try inertia(of: vectors, workers: workers)
        // Centroids are kept in single precision, which moves sums of squares by less than this.
        return abs(measured - point.inertia) <= 1e-6 * max(1, point.inertia)
    }

    /// The same centroids without the curve that they were chosen by.
    public var withoutCurve: KMeansModel {
        KMeansModel(
            centroids: centroids, sizes: sizes, rotations: rotations, elbow: [], suggested: nil)
    }

    /// Sum of squared distances to the nearest centroid on pixels / 255, over all turns if the model
    /// was fitted on them.
    private func inertia(of vectors: ModelVectors, workers: Workers) throws -> Double {
        let turns = 0..<(rotations ? 4 : 1)
        let clusters = try assignments(of: vectors, turns: turns, workers: workers)
        return try workers.map(vectors.count, chunk: 64) { index in
            turns.reduce(0) { sum, turn in
                let start = Int(clusters[turn][index]) * ModelVectors.length
                let vector = vectors.turned(index, quarterTurns: turn)
                return vector.indices.reduce(sum) { sum, i in
                    let difference = Double(vector[i]) / 255 - Double(centroids[start + i])
                    return sum + difference * difference
                }
            }
        }.reduce(0, +)
    }
}

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
    /// - Throws: nothing of its own.
    package func curveIsOf(_ vectors: ModelVectors, workers: Workers) throws -> Bool {
        guard let point = elbow.first(where: { $0.k == k }) else { return false }
        let measured = try inertia(of: vectors, workers: workers)
        return abs(measured - point.inertia) <= Self.inertiaTolerance * max(1, point.inertia)
    }

    /// The model without the elbow curve.
    package var withoutCurve: KMeansModel {
        KMeansModel(
            centroids: centroids, sizes: sizes, rotations: rotations, elbow: [], suggested: nil)
    }

    /// Sum of squared distances to the nearest centroids on pixels / 255, over all four turns if the
    /// model was fitted with them.
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

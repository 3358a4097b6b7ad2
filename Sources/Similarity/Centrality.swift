package import AtlasModel
package import Parallel

/// Measures how close pictures are to the others of their group.
package enum Centrality {
    /// Mean correlation distance of each picture to all others of its group, in double precision.
    ///
    /// Pairs are not compared one by one. With x̂ = (x − x̄) / |x − x̄|, Pearson's r of two
    /// pictures is x̂·ŷ. So the sum of r over a group is x̂·S, where S is the sum of its x̂, and
    /// the mean distance of a picture to the n − 1 others is 1 − (x̂·S − x̂·x̂) / (n − 1). A
    /// constant picture has x̂ = 0 and therefore distance 1 to every other picture.
    ///
    /// A group of two equal pictures gives [0, 0], a picture and its negative [2, 2].
    /// - Parameter groups: each is a list of indices of pictures.
    /// - Returns: for each group the distances of its pictures, in the order of the group; 0 for a
    ///   group of one picture; an empty list for an empty group.
    /// - Throws: nothing of its own.
    package static func meanDistances(
        _ vectors: ModelVectors, groups: [[Int]], workers: Workers
    ) throws -> [[Double]] {
        // One thread adds up a whole group in order, so the number of threads does not change the
        // result.
        try workers.map(groups.count) { meanDistances(vectors, groups[$0]) }
    }

    private static func meanDistances(_ vectors: ModelVectors, _ group: [Int]) -> [Double] {
        guard group.count > 1 else { return group.map { _ in 0 } }
        let statistics = CorrelationStatistics(vectors.selecting(group).bytes)
        // n|x − x̄|² is the spread, so x̂ = (n·x − Σx) / √(n · spread).
        let scales = statistics.spreads.map {
            $0 > 0 ? 1 / ($0 * CorrelationStatistics.length).squareRoot() : 0
        }
        func normalised(_ member: Int, _ use: (Int, Double) -> Void) {
            let sum = statistics.sums[member]
            for (position, value) in vectors[group[member]].enumerated() {
                use(position, (CorrelationStatistics.length * Double(value) - sum) * scales[member])
            }
        }
        var total = [Double](repeating: 0, count: ModelVectors.length)
        for member in group.indices { normalised(member) { total[$0] += $1 } }
        return group.indices.map { member in
            var product = 0.0
            normalised(member) { product += $1 * total[$0] }
            let own = statistics.spreads[member] > 0 ? 1.0 : 0.0
            return 1 - (product - own) / Double(group.count - 1)
        }
    }
}

import AtlasModel
import Foundation
import Kernels
import Parallel

/// Where K-Means starts: greedy k-means++ (D. Arthur and S. Vassilvitskii, SODA 2007; several trials
/// for each centre, as scikit-learn draws them).
enum KMeansStarts {
    /// For each restart the pictures that are its first centroids, `most` of them; the first k serve
    /// as the start for k clusters.
    static func drawn(
        _ points: ModelVectors, most: Int, restarts: Int, seed: UInt64, workers: Workers
    ) throws -> [[Int]] {
        var random = (0..<restarts).map { SplitMix64(seed: SplitMix64.mixed(seed &+ UInt64($0))) }
        var chosen = (0..<restarts).map { [random[$0].below(points.count)] }
        let trials = 2 + Int(log(Double(most)))
        var closest = try squaredDistances(points, to: chosen.map { $0[0] }, workers)
        for _ in 1..<max(1, most) {
            let candidates = (0..<restarts).flatMap { restart in
                (0..<trials).map { _ in draw(closest[restart], &random[restart]) }
            }
            let distances = try squaredDistances(points, to: candidates, workers)
            for restart in 0..<restarts {
                let best = (0..<trials).map { trial in
                    let nearer = zip(closest[restart], distances[restart * trials + trial]).map(min)
                    return (trial, nearer, nearer.reduce(0.0) { $0 + Double($1) })
                }.min { $0.2 < $1.2 }
                guard let (trial, nearer, _) = best else { continue }
                chosen[restart].append(candidates[restart * trials + trial])
                closest[restart] = nearer
            }
        }
        return chosen
    }

    /// A point with a chance proportional to its squared distance.
    private static func draw(_ weights: [Float], _ random: inout SplitMix64) -> Int {
        let total = weights.reduce(0.0) { $0 + Double($1) }
        var left = random.unit() * total
        for (index, weight) in weights.enumerated() {
            left -= Double(weight)
            if left < 0 { return index }
        }
        return random.below(weights.count)
    }

    /// Squared distances in byte units of all points to each of `chosen`.
    private static func squaredDistances(
        _ points: ModelVectors, to chosen: [Int], _ workers: Workers
    ) throws -> [[Float]] {
        let centres = points.selecting(chosen)
        let matrix = CentredBlock.centred(centres.bytes[...])
        let norms = CentredBlock.norms(matrix)
        let rows = try workers.map((points.count + Lloyd.block - 1) / Lloyd.block) { block in
            let range = block * Lloyd.block..<min(points.count, (block + 1) * Lloyd.block)
            let products = try CentredBlock.products(points, range, with: matrix)
            return range.indices.flatMap { index -> [Float] in
                let row = index - range.lowerBound
                return chosen.indices.map { column in
                    let own = products.norms[row] + norms[column]
                    return max(0, own - 2 * products.values[row * chosen.count + column])
                }
            }
        }.flatMap { $0 }
        return chosen.indices.map { column in
            points.bytes.isEmpty ? [] : (0..<points.count).map { rows[$0 * chosen.count + column] }
        }
    }
}

/// Bytes less 128 as floats, and their products: small numbers keep single precision precise.
enum CentredBlock {
    static func centred(_ bytes: ArraySlice<UInt8>) -> [Float] {
        bytes.map { Float(Int($0) - 128) }
    }

    /// Squared length of each row of a matrix of model vectors.
    static func norms(_ matrix: [Float]) -> [Float] {
        stride(from: 0, to: matrix.count, by: ModelVectors.length).map { start in
            var sum = 0.0
            for i in start..<start + ModelVectors.length { sum += Double(matrix[i] * matrix[i]) }
            return Float(sum)
        }
    }

    /// Products of the points in `range` with the rows of `matrix`, `(range.count, rows)`, and the
    /// points' squared lengths.
    static func products(_ points: ModelVectors, _ range: Range<Int>, with matrix: [Float]) throws
        -> (values: [Float], norms: [Float])
    {
        KernelThreads.use(1)
        let length = ModelVectors.length
        let left = centred(points.bytes[range.lowerBound * length..<range.upperBound * length])
        let columns = matrix.count / length
        var values = [Float](repeating: 0, count: range.count * columns)
        try values.withUnsafeMutableBufferPointer { values in
            guard let target = values.baseAddress else { return }
            try GEMM.multiply(
                left, matrix, into: target, m: range.count, n: columns, k: length)
        }
        return (values, norms(left))
    }
}

import AtlasModel
import Foundation
import Kernels
import Parallel
import RandomNumbers

/// Greedy k-means++: draws the initial centres of K-Means from exact squared distances, in bytes.
///
/// D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
/// "Greedy" is their variant that draws several candidates for each centre and keeps the best one.
/// The number of candidates is that of scikit-learn, 2 + ⌊ln k⌋.
struct KMeansPlusPlus {
    private let points: ModelVectors
    /// Σx and Σx² of each point.
    private let sums: [Int32]
    private let squares: [Int32]
    private let workers: Workers

    /// Number of points whose distances are computed together.
    private static let block = 512

    private init(_ points: ModelVectors, _ workers: Workers) throws {
        self.points = points
        self.workers = workers
        let known = try workers.map(points.count, chunk: Self.block) { points.sums($0) }
        sums = known.map(\.plain)
        squares = known.map(\.squared)
    }

    /// The nearest initial centre of every point, for each k of `range` and each restart. A restart
    /// draws one list of centres and uses the first k of them for k clusters.
    /// - Returns: `assignments[position of k in range][restart]`. For k = 1 there is only one
    ///   restart, because all would be equal.
    static func drawn(
        _ points: ModelVectors, range: ClosedRange<Int>, restarts: Int, seed: UInt64,
        workers: Workers
    ) throws -> [[[Int32]]] {
        let drawing = try KMeansPlusPlus(points, workers)
        let root = SplitMix64.mixed(seed)
        var random = (0..<restarts).map { SplitMix64(seed: SplitMix64.mixed(root &+ UInt64($0))) }
        let first = (0..<restarts).map { random[$0].below(points.count) }
        let drawn = 2 + Int(log(Double(range.upperBound)))
        var closest = try drawing.distances(to: first)
        var clusters = first.map { _ in [Int32](repeating: 0, count: points.count) }
        var found: [[[Int32]]] = range.contains(1) ? [[clusters[0]]] : []
        for k in 2..<max(2, range.upperBound + 1) {
            let candidates = (0..<restarts).flatMap { restart in
                (0..<drawn).map { _ in draw(closest[restart], &random[restart]) }
            }
            let distances = try drawing.distances(to: candidates)
            let known = (closest, clusters)
            let nearer = try workers.map(restarts) { restart in
                nearest(
                    known.0[restart], known.1[restart], center: Int32(k - 1),
                    candidates: distances[restart * drawn..<(restart + 1) * drawn])
            }
            closest = nearer.map(\.distances)
            clusters = nearer.map(\.clusters)
            if range.contains(k) { found.append(clusters) }
        }
        return found
    }

    /// Adds the candidate that reduces the sum of squared distances most; of equally good ones, the
    /// first.
    private static func nearest(
        _ closest: [Int32], _ clusters: [Int32], center: Int32, candidates: ArraySlice<[Int32]>
    ) -> (distances: [Int32], clusters: [Int32]) {
        let sums = candidates.map { candidate in
            var sum = 0
            for index in closest.indices { sum += Int(min(closest[index], candidate[index])) }
            return sum
        }
        let best = sums.indices.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
        let candidate = candidates[candidates.startIndex + best]
        var (distances, clusters) = (closest, clusters)
        for index in closest.indices where candidate[index] < closest[index] {
            distances[index] = candidate[index]
            clusters[index] = center
        }
        return (distances, clusters)
    }

    /// A random point, with a probability proportional to its squared distance. If all distances
    /// are 0, all points have the same probability.
    private static func draw(_ weights: [Int32], _ random: inout SplitMix64) -> Int {
        let total = weights.reduce(0) { $0 + Int($1) }
        guard total > 0 else { return random.below(weights.count) }
        var left = random.below(total)
        for (index, weight) in weights.enumerated() {
            left -= Int(weight)
            if left < 0 { return index }
        }
        return weights.count - 1
    }

    /// Squared distances of all points to each of `chosen`, `[chosen][point]`: exact, at most
    /// 2352 · 255² < 2³¹.
    private func distances(to chosen: [Int]) throws -> [[Int32]] {
        let rows = ByteRows(points.selecting(chosen).bytes, length: ModelVectors.length)
        let blocks = try workers.map((points.count + Self.block - 1) / Self.block) { block in
            let range = block * Self.block..<min(points.count, (block + 1) * Self.block)
            return try distances(of: range, to: chosen, rows)
        }
        return chosen.indices.map { column in blocks.flatMap { $0[column] } }
    }

    private func distances(of range: Range<Int>, to chosen: [Int], _ rows: ByteRows) throws
        -> [[Int32]]
    {
        KernelThreads.use(1)
        var products = [Int32](repeating: 0, count: range.count * chosen.count)
        var scratch: [Float] = []
        try rows.products(with: points.bytes, range, into: &products, scratch: &scratch)
        return chosen.indices.map { column in
            range.map { index in
                let place = index - range.lowerBound
                // Σxy = Σx(y − 128) + 128 Σx.
                let product = products[place * chosen.count + column] + 128 * sums[index]
                return squares[index] + squares[chosen[column]] - 2 * product
            }
        }
    }
}

extension ModelVectors {
    /// Σx and Σx² of a vector: exact, at most 2352 · 255² < 2³¹.
    fileprivate func sums(_ index: Int) -> (plain: Int32, squared: Int32) {
        bytes.withUnsafeBufferPointer { bytes in
            var (plain, squared): (Int32, Int32) = (0, 0)
            for place in index * Self.length..<(index + 1) * Self.length {
                let value = Int32(bytes[place])
                plain &+= value
                squared &+= value &* value
            }
            return (plain, squared)
        }
    }
}

import AtlasModel
import Foundation
import Kernels
package import Parallel
import RandomNumbers
import Synchronization

extension FeatureClusters {
    /// Fits K-Means for each k of a range to features, and chooses one k by the elbow curve
    /// (`Elbow.suggestion`).
    ///
    /// Restarts begin with greedy k-means++ and run until no row changes its cluster. Assignments are
    /// those of double precision; of equally near clusters, the one with the lower number is chosen.
    /// Of restarts with equal inertia, the first is kept. A k above the number of distinct rows is
    /// left out, but k = 1 always remains. The inertia is the sum of squared distances of rows of
    /// length 1.
    ///
    /// The result depends on the features and the settings alone, not on the number of threads.
    /// - Parameters:
    ///   - features: at least one row; turned ones too if the settings ask for rotations.
    ///   - progress: in restarts.
    /// - Throws: `KernelError`.
    package static func fit(
        _ features: ComparedFeatures, _ settings: KMeansSettings, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> FeatureClusters {
        let points = UnitRows(try features.allTurns())
        let limit = points.distinctCount(upTo: settings.k.upperBound)
        let ks = min(settings.k.lowerBound, limit)...limit
        let root = SplitMix64.mixed(settings.seed)
        let seeding = FeatureSeeding(points)
        let drawn = try workers.map(settings.restarts) { restart in
            var random = SplitMix64(seed: SplitMix64.mixed(root &+ UInt64(restart)))
            return seeding.centres(limit, &random)
        }
        // The restarts with most clusters take longest, so they begin first. With one cluster all
        // restarts are equal.
        let starts = ks.reversed().flatMap { k in
            (0..<(k == 1 ? 1 : settings.restarts)).map { (k: k, restart: $0) }
        }
        let done = Atomic<Int>(0)
        let runs = try workers.map(starts.count) { place in
            let start = starts[place]
            var run = FeatureRun(points, centres: Array(drawn[start.restart].prefix(start.k)))
            try run.settle()
            progress?(done.add(1, ordering: .relaxed).newValue, starts.count)
            return run
        }
        let best = ks.map { k in
            starts.indices.filter { starts[$0].k == k }.reduce(nil as FeatureRun?) { best, place in
                guard let best else { return runs[place] }
                return runs[place].inertia < best.inertia ? runs[place] : best
            }
        }.compactMap(\.self)
        let elbow = best.map { ElbowPoint(k: $0.k, inertia: $0.inertia) }
        let suggested = Elbow.suggestion(elbow)
        let chosen = best[elbow.firstIndex { $0.k == suggested } ?? 0]
        let (centroids, sizes) = chosen.clustersBySize
        return FeatureClusters(
            centroids: centroids, sizes: sizes, rotations: features.turns.count > 1,
            elbow: elbow, suggested: elbow.count > 1 ? suggested : nil)
    }
}

extension UnitRows {
    /// Number of distinct rows, counted up to `limit`; at least 1.
    fileprivate func distinctCount(upTo limit: Int) -> Int {
        var seen: Set<ArraySlice<Float>> = []
        for row in 0..<count where seen.count < limit {
            seen.insert(rows.values[row * width..<(row + 1) * width])
        }
        return max(1, seen.count)
    }
}

/// Greedy k-means++ as in `KMeansPlusPlus`, in double precision.
private struct FeatureSeeding {
    private let points: UnitRows
    private let squares: [Double]

    init(_ points: UnitRows) {
        self.points = points
        squares = (0..<points.count).map { FeatureProduct.of(points.rows, $0, points.rows, $0) }
    }

    /// The rows of `count` centres. The first k of them are those of k clusters.
    func centres(_ count: Int, _ random: inout SplitMix64) -> [Int] {
        var centres = [random.below(points.count)]
        var closest = distances(to: centres[0])
        let candidates = 2 + Int(log(Double(count)))
        while centres.count < count {
            var best: (centre: Int, closest: [Double], sum: Double)?
            for _ in 0..<candidates {
                let candidate = draw(closest, &random)
                let nearer = zip(closest, distances(to: candidate)).map { min($0, $1) }
                let sum = nearer.reduce(0, +)
                if sum < best?.sum ?? .infinity { best = (candidate, nearer, sum) }
            }
            guard let best else { break }
            centres.append(best.centre)
            closest = best.closest
        }
        return centres
    }

    /// A random row, with a probability proportional to its squared distance. If all distances are 0,
    /// all rows have the same probability.
    private func draw(_ weights: [Double], _ random: inout SplitMix64) -> Int {
        let total = weights.reduce(0, +)
        guard total > 0 else { return random.below(weights.count) }
        var left = random.unit() * total
        for (row, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return row }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    private func distances(to centre: Int) -> [Double] {
        (0..<points.count).map { row in
            guard row != centre else { return 0 }
            let product = FeatureProduct.of(points.rows, row, points.rows, centre)
            return max(0, squares[row] + squares[centre] - 2 * product)
        }
    }
}

/// One restart of K-Means on features: Lloyd's algorithm.
private struct FeatureRun {
    let k: Int
    private let points: UnitRows
    private(set) var assignments: [Int32]
    private var counts: [Int] = []
    /// Means of the clusters, `(k, width)`.
    private var centroids: [Double] = []
    /// Squared lengths of the centroids.
    private var squares: [Double] = []

    /// Number of rows whose products with all centroids are computed together.
    private static let block = 256
    /// Rounding could let two assignments follow each other for ever. scikit-learn has the same limit.
    private static let mostPasses = 300

    /// - Parameter centres: rows that the clusters begin with.
    init(_ points: UnitRows, centres: [Int]) {
        k = centres.count
        self.points = points
        assignments = []
        let width = points.width
        centroids = centres.flatMap { centre in
            points.rows.values[centre * width..<(centre + 1) * width].map(Double.init)
        }
        setSquares()
    }

    /// Assigns rows and moves centroids until no row changes its cluster.
    mutating func settle() throws {
        KernelThreads.use(1)
        for _ in 0..<Self.mostPasses {
            let found = try nearest()
            guard found != assignments else { return }
            assignments = found
            fillEmpty()
            setCentroids()
        }
    }

    /// The sum of squared distances to the centroids.
    var inertia: Double {
        var sum = 0.0
        for row in 0..<points.count { sum += squaredDistance(row) }
        return sum
    }

    /// Centroids and counts by falling count; of equal counts, the lower cluster comes first.
    var clustersBySize: (centroids: FeatureVectors, sizes: [Int]) {
        let width = points.width
        let order = (0..<k).sorted { (counts[$1], $0) < (counts[$0], $1) }
        let values = order.flatMap { centroids[$0 * width..<($0 + 1) * width].map(Float.init) }
        return (FeatureVectors(values: values, width: width), order.map { counts[$0] })
    }

    /// The nearest centroid of each row.
    ///
    /// Products in single precision decide where the scores |c|² − 2x·c of the two nearest differ by
    /// more than their errors; double precision decides the others.
    private func nearest() throws -> [Int32] {
        let width = points.width
        let rounded = centroids.map(Float.init)
        // A row has a length of 1, or of 0. A product has an error of γ |x| |c| with one rounding for
        // the centroid, one for the length of the row, and those of the sum.
        let errors = squares.map { 4 * Rounding.gamma(width + 3) * $0.squareRoot() }
        var found = [Int32](repeating: 0, count: points.count)
        var products = [Float](repeating: 0, count: Self.block * k)
        for start in stride(from: 0, to: points.count, by: Self.block) {
            let rows = start..<min(points.count, start + Self.block)
            try points.rows.values.withUnsafeBufferPointer { values in
                try rounded.withUnsafeBufferPointer { centroids in
                    try products.withUnsafeMutableBufferPointer { products in
                        guard let values = values.baseAddress,
                            let centroids = centroids.baseAddress,
                            let products = products.baseAddress
                        else { return }
                        try GEMM.multiply(
                            values + start * width, centroids, into: products,
                            .init(m: rows.count, n: k, k: width))
                    }
                }
            }
            for row in rows {
                var best = (cluster: 0, lower: 0.0, upper: Double.infinity)
                // The smallest lower bound of all other clusters.
                var rival = Double.infinity
                for cluster in 0..<k {
                    let score =
                        squares[cluster] - 2 * Double(products[(row - start) * k + cluster])
                    let (lower, upper) = (score - errors[cluster], score + errors[cluster])
                    if upper < best.upper {
                        if cluster > 0 { rival = min(rival, best.lower) }
                        best = (cluster, lower, upper)
                    } else {
                        rival = min(rival, lower)
                    }
                }
                found[row] = rival > best.upper ? Int32(best.cluster) : exactlyNearest(row)
            }
        }
        return found
    }

    private func exactlyNearest(_ row: Int) -> Int32 {
        var best = (cluster: 0, score: Double.infinity)
        for cluster in 0..<k {
            let score = squares[cluster] - 2 * product(row, cluster)
            if score < best.score { best = (cluster, score) }
        }
        return Int32(best.cluster)
    }

    private func product(_ row: Int, _ cluster: Int) -> Double {
        let width = points.width
        var sum = 0.0
        for place in 0..<width {
            sum +=
                Double(points.rows.values[row * width + place])
                * centroids[cluster * width + place]
        }
        return sum
    }

    private func squaredDistance(_ row: Int) -> Double {
        let (width, cluster) = (points.width, Int(assignments[row]))
        var sum = 0.0
        for place in 0..<width {
            let difference =
                Double(points.rows.values[row * width + place])
                - centroids[cluster * width + place]
            sum += difference * difference
        }
        return sum
    }

    /// Gives each empty cluster the row that is furthest from its centroid; of equally far ones, the
    /// first. scikit-learn does the same (`_relocate_empty_clusters`).
    private mutating func fillEmpty() {
        counts = [Int](repeating: 0, count: k)
        for cluster in assignments { counts[Int(cluster)] += 1 }
        for empty in 0..<k where counts[empty] == 0 {
            var furthest: (row: Int, distance: Double)?
            for row in assignments.indices where counts[Int(assignments[row])] > 1 {
                let distance = squaredDistance(row)
                if distance > furthest?.distance ?? -1 { furthest = (row, distance) }
            }
            guard let furthest else { continue }
            counts[Int(assignments[furthest.row])] -= 1
            counts[empty] += 1
            assignments[furthest.row] = Int32(empty)
        }
    }

    /// Sets the centroids to the means of their rows, which are added in their order.
    private mutating func setCentroids() {
        let width = points.width
        var sums = [Double](repeating: 0, count: k * width)
        sums.withUnsafeMutableBufferPointer { sums in
            points.rows.values.withUnsafeBufferPointer { values in
                for (row, cluster) in assignments.enumerated() {
                    let (from, to) = (row * width, Int(cluster) * width)
                    for place in 0..<width { sums[to + place] += Double(values[from + place]) }
                }
            }
        }
        for cluster in 0..<k {
            for place in cluster * width..<(cluster + 1) * width {
                sums[place] /= Double(max(1, counts[cluster]))
            }
        }
        centroids = sums
        setSquares()
    }

    private mutating func setSquares() {
        let width = points.width
        squares = (0..<k).map { cluster in
            centroids[cluster * width..<(cluster + 1) * width].reduce(0) { $0 + $1 * $1 }
        }
    }
}

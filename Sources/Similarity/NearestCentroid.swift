import AtlasModel
import Kernels
import Parallel

/// Finds the nearest centroid of each point for several runs at once. First it uses bounds from a
/// few coordinates. For points with more than one possible cluster it then uses the whole vectors.
///
/// The squared distance |x − c|² is compared without |x|², which is the same for all centroids:
/// |c|² − 2x·c. `docs/exact-kmeans.md` derives the bounds.
struct NearestCentroid: Sendable {
    private let runs: [KMeansRun]
    private let points: ModelVectors
    private let projected: ProjectedPoints
    private let origin: [UInt8]
    /// The first cluster of each run among the clusters of all runs.
    private let offsets: [Int]
    /// Coordinates of the clusters of all runs, `(clusters, dimensions)`.
    private let coordinates: [Float]
    private let bounds: [Bound]

    /// Bounds on |c|² − 2x·c, given the product p·q of the coordinates of x and c: it deviates from
    /// `square` − 2p·q by at most `residual` · the residual of x + `length` · ‖x‖ + `rounding`.
    private struct Bound {
        let square: Float
        let residual: Float
        let length: Float
        let rounding: Float

        /// Covers the five roundings that each term of the bound goes through in single precision:
        /// its factor is stored, multiplied, added twice, and added to the middle. The sixth is for
        /// the second-order terms.
        private static let evaluation = 1 + Rounding.gamma(6)
        /// |c|² and 2p·q take part in at most three roundings: |c|² is stored, 2p·q is subtracted,
        /// the bound is added. The fourth is for the second-order terms and for |c|² in double
        /// precision.
        private static let middle = 4 * Rounding.unit

        /// - Parameters:
        ///   - square: |c|².
        ///   - residual: of c.
        ///   - productError: of the projection.
        init(square: Double, residual: Double, productError: Double) {
            self.square = Float(square)
            self.residual = Float(2 * Self.evaluation * residual)
            length = Float(
                2 * Self.evaluation * (productError + Self.middle) * square.squareRoot())
            rounding = Float(Self.evaluation * Self.middle * square)
        }
    }

    init(
        _ runs: [KMeansRun], _ points: ModelVectors, _ projected: ProjectedPoints, origin: [UInt8],
        workers: Workers
    ) throws {
        self.runs = runs
        self.points = points
        self.projected = projected
        self.origin = origin
        offsets = runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.k) }
        let projection = projected.projection
        let parts = try workers.map(runs.count) { place in
            KernelThreads.use(1)
            let run = runs[place]
            let coordinates = try projection.coordinates(of: run.centroids, count: run.k)
            let residuals = try projection.residuals(of: run.centroids, coordinates)
            let bounds = zip(run.squares, residuals).map {
                Bound(square: $0, residual: $1, productError: projection.productError)
            }
            return (coordinates, bounds)
        }
        coordinates = parts.flatMap(\.0)
        bounds = parts.flatMap(\.1)
    }

    /// For each run, the points of a range that change their cluster, in ascending order.
    func moves(in range: Range<Int>) throws -> [[KMeansRun.Move]] {
        KernelThreads.use(1)
        let (rows, dimensions) = (range.count, projected.projection.dimensions)
        var products = [Float](repeating: 0, count: bounds.count * rows)
        try projected.coordinates.withUnsafeBufferPointer { own in
            guard let own = own.baseAddress else { return }
            try GEMM.multiply(
                coordinates, own + range.lowerBound * dimensions, into: &products,
                .init(m: bounds.count, n: rows, k: dimensions))
        }
        var vectors = CentredVectors(points, range, origin: origin)
        return products.withUnsafeMutableBufferPointer { products in
            runs.indices.map { place in
                moves(
                    of: place, range,
                    UnsafeMutableBufferPointer(
                        rebasing: products[offsets[place] * rows..<offsets[place + 1] * rows]),
                    &vectors)
            }
        }
    }

    /// The moves of one run.
    /// - Parameter products: of coordinates, `(k, rows)`; overwritten by lower bounds.
    private func moves(
        of place: Int, _ range: Range<Int>, _ products: UnsafeMutableBufferPointer<Float>,
        _ vectors: inout CentredVectors
    ) -> [KMeansRun.Move] {
        let run = runs[place]
        let rows = range.count
        // For each point: the lowest upper bound of any cluster, the number of clusters whose lower
        // bound does not exceed it, and the last of these.
        var least = [Float](repeating: .infinity, count: rows)
        var contenders = [Int32](repeating: 0, count: rows)
        var nearest = contenders
        for cluster in 0..<run.k {
            let part = UnsafeMutableBufferPointer(
                rebasing: products[cluster * rows..<(cluster + 1) * rows])
            narrow(part, bounds[offsets[place] + cluster], range, &least)
        }
        for cluster in 0..<run.k {
            let part = UnsafeBufferPointer(
                rebasing: products[cluster * rows..<(cluster + 1) * rows])
            Self.count(part, below: least, Int32(cluster), &contenders, &nearest)
        }
        var moves: [KMeansRun.Move] = []
        for row in 0..<rows {
            var cluster = nearest[row]
            if contenders[row] > 1 {
                cluster = decide(
                    run, (0..<run.k).filter { products[$0 * rows + row] <= least[row] },
                    point: range.lowerBound + row, &vectors)
            }
            if cluster != run.assignments[range.lowerBound + row] {
                moves.append(.init(point: Int32(range.lowerBound + row), cluster: cluster))
            }
        }
        return moves
    }

    /// Replaces the products of a cluster by its lower bounds, and lowers `least` to its upper bounds.
    private func narrow(
        _ products: UnsafeMutableBufferPointer<Float>, _ bound: Bound, _ range: Range<Int>,
        _ least: inout [Float]
    ) {
        projected.residuals.withUnsafeBufferPointer { residuals in
            projected.lengths.withUnsafeBufferPointer { lengths in
                least.withUnsafeMutableBufferPointer { least in
                    guard let products = products.baseAddress,
                        let residuals = residuals.baseAddress, let lengths = lengths.baseAddress,
                        let least = least.baseAddress
                    else { return }
                    let first = range.lowerBound
                    for row in 0..<range.count {
                        let deviation =
                            bound.residual * residuals[first + row]
                            + bound.length * lengths[first + row] + bound.rounding
                        let middle = bound.square - 2 * products[row]
                        let most = middle + deviation
                        least[row] = most < least[row] ? most : least[row]
                        products[row] = middle - deviation
                    }
                }
            }
        }
    }

    /// Counts the points for which the cluster is possible.
    private static func count(
        _ lowers: UnsafeBufferPointer<Float>, below least: [Float], _ cluster: Int32,
        _ contenders: inout [Int32], _ nearest: inout [Int32]
    ) {
        least.withUnsafeBufferPointer { least in
            contenders.withUnsafeMutableBufferPointer { contenders in
                nearest.withUnsafeMutableBufferPointer { nearest in
                    for row in 0..<lowers.count {
                        let possible = lowers[row] <= least[row]
                        contenders[row] &+= possible ? 1 : 0
                        nearest[row] = possible ? cluster : nearest[row]
                    }
                }
            }
        }
    }

    /// The nearest of `clusters` in exact arithmetic; of equally near ones, the first.
    /// - Parameter clusters: in ascending order.
    private func decide(
        _ run: KMeansRun, _ clusters: [Int], point: Int, _ vectors: inout CentredVectors
    ) -> Int32 {
        var best = clusters[0]
        for other in clusters.dropFirst() {
            let (difference, error) = vectors.difference(run, best, other, of: point)
            let nearer =
                abs(difference) > error
                ? difference < 0 : ExactDistances.isNearer(other, than: best, run, points[point])
            if nearer { best = other }
        }
        return Int32(best)
    }
}

/// Points of a block minus the origin, computed when first needed.
private struct CentredVectors {
    private let points: ModelVectors
    private let origin: [UInt8]
    private let first: Int
    private var vectors: [[Float]]
    private var lengths: [Double]

    init(_ points: ModelVectors, _ range: Range<Int>, origin: [UInt8]) {
        self.points = points
        self.origin = origin
        first = range.lowerBound
        vectors = [[Float]](repeating: [], count: range.count)
        lengths = [Double](repeating: 0, count: range.count)
    }

    private typealias Lanes = SIMD16<Float>

    /// Number of rounding errors in a product in single precision: each lane adds up 147 products,
    /// then the 16 lanes are added. A centroid, a difference of centroids and a product are rounded
    /// once each; the fourth is for the lengths in double precision.
    private static let roundings =
        ModelVectors.length / Lanes.scalarCount + Lanes.scalarCount + 4

    /// |c|² − 2x·c of cluster `other` minus that of cluster `best`, and a bound on the error.
    mutating func difference(_ run: KMeansRun, _ best: Int, _ other: Int, of point: Int) -> (
        value: Double, error: Double
    ) {
        let place = point - first
        if vectors[place].isEmpty {
            vectors[place] = points.floats(point..<point + 1, from: origin)
            lengths[place] = Double(points.squaredDistance(point, to: origin)).squareRoot()
        }
        let length = ModelVectors.length
        var sum = Lanes.zero
        vectors[place].withUnsafeBytes { vector in
            run.centroids.withUnsafeBytes { centroids in
                let size = MemoryLayout<Float>.stride
                for start in stride(from: 0, to: length, by: Lanes.scalarCount) {
                    func lanes(_ row: Int) -> Lanes {
                        centroids.loadUnaligned(
                            fromByteOffset: (row * length + start) * size, as: Lanes.self)
                    }
                    let values = vector.loadUnaligned(
                        fromByteOffset: start * size, as: Lanes.self)
                    sum += values * (lanes(other) - lanes(best))
                }
            }
        }
        let squares = run.squares[other] + run.squares[best]
        let lengths = run.squares[other].squareRoot() + run.squares[best].squareRoot()
        return (
            run.squares[other] - run.squares[best] - 2 * Double(sum.sum()),
            2 * Rounding.gamma(Self.roundings) * self.lengths[place] * lengths
                + KMeansRun.squareError * squares
        )
    }
}

/// Compares distances to centroids in integer arithmetic.
enum ExactDistances {
    /// Whether point x is nearer to centroid a than to b; false for equal distances.
    ///
    /// With sums S and counts n of the clusters, |S_a/n_a|² − 2x·S_a/n_a < |S_b/n_b|² − 2x·S_b/n_b is
    /// |S_a|² n_b² − 2x·S_a n_a n_b² < |S_b|² n_a² − 2x·S_b n_b n_a².
    ///
    /// Since |S_a|² ≤ 2352 · 255² n_a² and n_a n_b ≤ N²/4 for N points, no term exceeds 2352 · 255²
    /// · N⁴/8 < 2¹¹⁷ for the largest number of points in a run, N < 2³¹/255.
    static func isNearer(_ a: Int, than b: Int, _ run: KMeansRun, _ point: ArraySlice<UInt8>)
        -> Bool
    {
        func scaled(_ cluster: Int, other: Int) -> Int128 {
            let start = cluster * ModelVectors.length
            var square: Int128 = 0
            var product = 0
            for (place, byte) in point.enumerated() {
                let sum = Int(run.sums[start + place])
                square += Int128(sum * sum)
                product += Int(byte) * sum
            }
            let (own, others) = (Int128(run.counts[cluster]), Int128(run.counts[other]))
            return (square - 2 * Int128(product) * own) * others * others
        }
        return scaled(a, other: b) < scaled(b, other: a)
    }
}

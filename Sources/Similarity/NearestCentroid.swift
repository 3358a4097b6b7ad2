import AtlasModel
import Kernels
import Parallel

/// Finds the nearest centroid of points for several runs at once: by coordinates with bounds, and
/// where these leave more than one cluster, by the whole vectors.
///
/// Distances are compared less what the point has in common with all: |c|² − 2x·c.
struct NearestCentroid: Sendable {
    private let runs: [KMeansRun]
    private let points: ModelVectors
    private let view: PointsView
    private let origin: [UInt8]
    /// Where each run's clusters begin among all.
    private let offsets: [Int]
    /// Of all clusters, `(clusters, dimensions)`.
    private let coordinates: [Float]
    private let bounds: [Bound]

    /// What is known of a cluster's |c|² − 2x·c beside the coordinates' product: it deviates from
    /// `square` − 2p·q by at most `rest` · the point's rest + `length` · its length + `rounding`.
    private struct Bound {
        let square: Float
        let rest: Float
        let length: Float
        let rounding: Float

        init(square: Double, rest: Double, error: Double) {
            let more = 1 + 1e-6
            let roundings = 4 * Rounding.unit
            self.square = Float(square)
            self.rest = Float(2 * more * rest)
            length = Float(2 * more * (error + roundings) * square.squareRoot())
            rounding = Float(more * roundings * square)
        }
    }

    init(
        _ runs: [KMeansRun], _ points: ModelVectors, _ view: PointsView, origin: [UInt8],
        workers: Workers
    ) throws {
        self.runs = runs
        self.points = points
        self.view = view
        self.origin = origin
        offsets = runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.k) }
        let projection = view.projection
        let parts = try workers.map(runs.count) { place in
            KernelThreads.use(1)
            let run = runs[place]
            let coordinates = try projection.coordinates(of: run.centroids, count: run.k)
            let rests = try projection.rests(of: run.centroids, coordinates)
            let bounds = zip(run.squares, rests).map {
                Bound(square: $0, rest: $1, error: projection.error)
            }
            return (coordinates, bounds)
        }
        coordinates = parts.flatMap(\.0)
        bounds = parts.flatMap(\.1)
    }

    /// For each run the points of a range that change their cluster.
    func moves(in range: Range<Int>) throws -> [[KMeansRun.Move]] {
        KernelThreads.use(1)
        let (rows, dimensions) = (range.count, view.projection.dimensions)
        var products = [Float](repeating: 0, count: bounds.count * rows)
        try view.coordinates.withUnsafeBufferPointer { own in
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

    /// - Parameter products: of coordinates, `(k, rows)`; overwritten.
    private func moves(
        of place: Int, _ range: Range<Int>, _ products: UnsafeMutableBufferPointer<Float>,
        _ vectors: inout CentredVectors
    ) -> [KMeansRun.Move] {
        let run = runs[place]
        let rows = range.count
        // The least that any cluster can be at most; how many clusters can be below, and one of them.
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

    /// Turns a cluster's products into its lower bounds, and takes its upper bounds into account.
    private func narrow(
        _ products: UnsafeMutableBufferPointer<Float>, _ bound: Bound, _ range: Range<Int>,
        _ least: inout [Float]
    ) {
        view.rests.withUnsafeBufferPointer { rests in
            view.lengths.withUnsafeBufferPointer { lengths in
                least.withUnsafeMutableBufferPointer { least in
                    guard let products = products.baseAddress, let rests = rests.baseAddress,
                        let lengths = lengths.baseAddress, let least = least.baseAddress
                    else { return }
                    let first = range.lowerBound
                    for row in 0..<range.count {
                        let deviation =
                            bound.rest * rests[first + row] + bound.length * lengths[first + row]
                            + bound.rounding
                        let middle = bound.square - 2 * products[row]
                        let most = middle + deviation
                        least[row] = most < least[row] ? most : least[row]
                        products[row] = middle - deviation
                    }
                }
            }
        }
    }

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

    /// The nearest of `clusters`, given in rising order; the first of equal ones.
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

/// Points of a block less the origin, made when first asked for.
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

    /// How much |c|² − 2x·c is greater for cluster `other` than for `best`, and a bound of the error.
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
        // Products, differences and centroids are rounded once each; then a lane adds up 147 products
        // and the lanes are added.
        let roundings = Rounding.gamma(length / Lanes.scalarCount + Lanes.scalarCount + 4)
        return (
            run.squares[other] - run.squares[best] - 2 * Double(sum.sum()),
            2 * roundings * self.lengths[place] * lengths + 1e-11 * squares
        )
    }
}

/// Distances to centroids in whole numbers.
enum ExactDistances {
    /// Whether point x is nearer to centroid a than to b: with sums S and counts n of the clusters,
    /// |S_a|² n_b² − 2 x·S_a n_a n_b² < |S_b|² n_a² − 2 x·S_b n_b n_a².
    ///
    /// Of 2²² points both sides stay below 2¹²⁷.
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

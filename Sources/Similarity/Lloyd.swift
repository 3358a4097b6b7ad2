import AtlasModel
import Kernels
import Parallel

/// Lloyd's algorithm (S. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information
/// Theory 28, 1982) for many restarts at once.
///
/// A pass compares points and centroids by a few coordinates, which contain almost all of the
/// centroids (`Projection`), with error bounds. That decides most points. The others are compared
/// by the whole vectors (`NearestCentroid`). So every point gets the cluster that exact arithmetic
/// would give it: `docs/exact-kmeans.md`.
struct Lloyd {
    private let points: ModelVectors
    private let workers: Workers
    /// Approximately the mean of the points. It is subtracted from points and centroids, which
    /// makes their lengths and their rounding errors small.
    private let origin: [UInt8]
    /// Upper bounds on the lengths of the points minus the origin.
    private let lengths: [Float]

    /// Number of points that a thread assigns at a time. Their products with all centroids fit in
    /// the cache.
    static let block = 256
    /// If more than one point in this many has moved, the sums of the clusters are computed again,
    /// because a matrix product is then faster than moving the points one by one.
    private static let recomputedShare = 16

    init(points: ModelVectors, workers: Workers) throws {
        self.points = points
        self.workers = workers
        let origin = points.roughMean
        self.origin = origin
        lengths = try workers.map(points.count, chunk: Self.block) { index in
            Float(Double(points.squaredDistance(index, to: origin)).squareRoot()).nextUp
        }
    }

    /// Computes the sums and centroids of the initial assignments.
    func runs(_ runs: [KMeansRun]) throws -> [KMeansRun] {
        var runs = runs
        try ClusterSums.compute(&runs, at: Array(runs.indices), points, workers: workers)
        try setCentroids(&runs, at: Array(runs.indices))
        return runs
    }

    /// Repeats passes until no point of any run changes its cluster.
    /// - Parameter progress: in runs.
    func settle(_ runs: inout [KMeansRun], progress: ProgressReport?) throws {
        var projected: ProjectedPoints?
        var pass = 1
        var renewal = 2
        while true {
            let live = runs.indices.filter { !runs[$0].settled }
            progress?(runs.count - live.count, runs.count)
            guard !live.isEmpty else { return }
            pass += 1
            if pass >= renewal || projected == nil {
                projected = try ProjectedPoints(
                    points, origin: origin, lengths: lengths,
                    projection: Projection(
                        of: live.flatMap { runs[$0].centroids }, from: projected?.projection),
                    workers: workers)
                // In later passes the centroids move less, so the directions remain good for
                // longer.
                renewal = pass + max(1, pass / 2)
            }
            guard let projected else { return }
            try self.pass(&runs, live, projected)
        }
    }

    private func pass(_ runs: inout [KMeansRun], _ live: [Int], _ projected: ProjectedPoints)
        throws
    {
        let current = live.map { runs[$0] }
        let search = try NearestCentroid(
            current, points, projected, origin: origin, workers: workers)
        let blocks = (points.count + Self.block - 1) / Self.block
        let found = try workers.map(blocks) { block in
            try search.moves(in: block * Self.block..<min(points.count, (block + 1) * Self.block))
        }
        let updated = try workers.map(live.count) { place in
            var run = current[place]
            let moves = run.assign(found.flatMap { $0[place] })
            let recomputes = moves.count > points.count / Self.recomputedShare
            if !recomputes { run.add(moves, points) }
            return (run, recomputes)
        }
        for (index, update) in zip(live, updated) { runs[index] = update.0 }
        try ClusterSums.compute(
            &runs, at: zip(live, updated).filter { $0.1.1 }.map(\.0), points, workers: workers)
        try setCentroids(&runs, at: live.filter { !runs[$0].settled })
    }

    private func setCentroids(_ runs: inout [KMeansRun], at indices: [Int]) throws {
        let known = runs
        let updated = try workers.map(indices.count) { place in
            var run = known[indices[place]]
            run.fillEmpty(points, origin: origin)
            run.setCentroids(origin: origin)
            return run
        }
        for (index, run) in zip(indices, updated) { runs[index] = run }
    }
}

/// The coordinates of all points in the directions of a projection.
struct ProjectedPoints: Sendable {
    let projection: Projection
    /// `(points, dimensions)`.
    let coordinates: [Float]
    /// Upper bounds on the residuals of the points.
    let residuals: [Float]
    /// Upper bounds on the lengths of the points.
    let lengths: [Float]

    init(
        _ points: ModelVectors, origin: [UInt8], lengths: [Float], projection: Projection,
        workers: Workers
    ) throws {
        self.projection = projection
        self.lengths = lengths
        let dimensions = projection.dimensions
        let blocks = (points.count + Lloyd.block - 1) / Lloyd.block
        let parts = try workers.map(blocks) { block in
            KernelThreads.use(1)
            let range = block * Lloyd.block..<min(points.count, (block + 1) * Lloyd.block)
            let rows = points.floats(range, from: origin)
            let coordinates = try projection.coordinates(of: rows, count: range.count)
            let residuals = range.map { index in
                let start = (index - range.lowerBound) * dimensions
                return projection.residual(
                    coordinates[start..<start + dimensions], length: Double(lengths[index]))
            }
            return (coordinates, residuals)
        }
        coordinates = parts.flatMap(\.0)
        residuals = parts.flatMap(\.1)
    }
}

extension ModelVectors {
    /// The mean of some thousand vectors, rounded to bytes.
    fileprivate var roughMean: [UInt8] {
        let step = max(1, count / 4096)
        var sums = [Int](repeating: 0, count: Self.length)
        var sampled = 0
        for index in stride(from: 0, to: count, by: step) {
            for (place, byte) in self[index].enumerated() { sums[place] += Int(byte) }
            sampled += 1
        }
        return sums.map { UInt8(($0 + sampled / 2) / sampled) }
    }

    /// The squared distance of a vector to a point: exact, at most 2352 · 255² < 2³¹.
    func squaredDistance(_ index: Int, to origin: [UInt8]) -> Int32 {
        bytes.withUnsafeBufferPointer { bytes in
            origin.withUnsafeBufferPointer { origin in
                var sum: Int32 = 0
                for place in 0..<Self.length {
                    let difference =
                        Int32(bytes[index * Self.length + place]) &- Int32(origin[place])
                    sum &+= difference &* difference
                }
                return sum
            }
        }
    }

    /// Vectors minus the origin, `(range.count, 2352)`; exact in single precision.
    func floats(_ range: Range<Int>, from origin: [UInt8]) -> [Float] {
        let length = Self.length
        return [Float](unsafeUninitializedCapacity: range.count * length) { floats, count in
            bytes.withUnsafeBufferPointer { bytes in
                origin.withUnsafeBufferPointer { origin in
                    for row in 0..<range.count {
                        let start = (range.lowerBound + row) * length
                        for i in 0..<length {
                            floats[row * length + i] = Float(
                                Int32(bytes[start + i]) &- Int32(origin[i]))
                        }
                    }
                }
            }
            count = range.count * length
        }
    }
}

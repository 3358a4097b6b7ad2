import AtlasModel
import Kernels
import Parallel

/// S. Lloyd, "Least squares quantization in PCM", 1982, for many starts at once.
///
/// A pass compares points and centroids by a few coordinates, in which the centroids lie almost
/// wholly (`Projection`). That settles most points, with bounds; the others are compared by the
/// whole vectors (`NearestCentroid`). Either way a point gets the cluster that exact arithmetic
/// would give it.
struct Lloyd {
    private let points: ModelVectors
    private let workers: Workers
    /// What is taken from every point and centroid, so that both are short: about the mean.
    private let origin: [UInt8]
    /// Bounds of the points' lengths from the origin.
    private let lengths: [Float]

    /// Points that one thread assigns in a go: their products with all centroids stay in cache.
    static let block = 256
    /// Clusters' sums are made anew when more than one point in this many has moved.
    private static let movers = 16

    init(points: ModelVectors, workers: Workers) throws {
        self.points = points
        self.workers = workers
        let origin = points.roughMean
        self.origin = origin
        lengths = try workers.map(points.count, chunk: Self.block) { index in
            Float(Double(points.squaredDistance(index, to: origin)).squareRoot()).nextUp
        }
    }

    /// Readies runs: sums and centroids of their first assignments.
    func runs(_ runs: [KMeansRun]) throws -> [KMeansRun] {
        var runs = runs
        try ClusterSums.make(&runs, at: Array(runs.indices), points, workers: workers)
        try setCentroids(&runs, at: Array(runs.indices))
        return runs
    }

    /// Brings every run to its end.
    func settle(_ runs: inout [KMeansRun], progress: ProgressReport?) throws {
        var view: PointsView?
        var pass = 1
        var renewal = 2
        while true {
            let live = runs.indices.filter { !runs[$0].settled }
            progress?(runs.count - live.count, runs.count)
            guard !live.isEmpty else { return }
            pass += 1
            if pass >= renewal || view == nil {
                view = try PointsView(
                    points, origin: origin, lengths: lengths,
                    projection: Projection(
                        of: live.flatMap { runs[$0].centroids }, from: view?.projection),
                    workers: workers)
                // Centroids move less and less.
                renewal = pass + max(1, pass / 2)
            }
            guard let view else { return }
            try self.pass(&runs, live, view)
        }
    }

    private func pass(_ runs: inout [KMeansRun], _ live: [Int], _ view: PointsView) throws {
        let current = live.map { runs[$0] }
        let search = try NearestCentroid(current, points, view, origin: origin, workers: workers)
        let blocks = (points.count + Self.block - 1) / Self.block
        let found = try workers.map(blocks) { block in
            try search.moves(in: block * Self.block..<min(points.count, (block + 1) * Self.block))
        }
        let updated = try workers.map(live.count) { place in
            var run = current[place]
            let moves = run.assign(found.flatMap { $0[place] })
            let remade = moves.count > points.count / Self.movers
            if !remade { run.add(moves, points) }
            return (run, remade)
        }
        for (index, update) in zip(live, updated) { runs[index] = update.0 }
        try ClusterSums.make(
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

/// The points as a projection shows them.
struct PointsView: Sendable {
    let projection: Projection
    /// `(points, dimensions)`.
    let coordinates: [Float]
    /// Bounds of what lies outside the directions.
    let rests: [Float]
    /// Bounds of the points' lengths.
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
            let rests = range.map { index in
                let start = (index - range.lowerBound) * dimensions
                let rest = projection.rest(
                    coordinates[start..<start + dimensions], length: Double(lengths[index]))
                return Float(rest).nextUp
            }
            return (coordinates, rests)
        }
        coordinates = parts.flatMap(\.0)
        rests = parts.flatMap(\.1)
    }
}

extension ModelVectors {
    /// The mean of some thousand vectors, rounded.
    fileprivate var roughMean: [UInt8] {
        let step = max(1, count / 4096)
        var sums = [Int](repeating: 0, count: Self.length)
        var taken = 0
        for index in stride(from: 0, to: count, by: step) {
            for (place, byte) in self[index].enumerated() { sums[place] += Int(byte) }
            taken += 1
        }
        return sums.map { UInt8(($0 + taken / 2) / taken) }
    }

    /// At most 2352 · 255².
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

    /// Vectors less the origin, as floats, which hold them exactly.
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

public import AtlasModel
public import Parallel

/// How to fit K-Means.
public struct KMeansSettings: Sendable, Equatable {
    public let k: ClosedRange<Int>
    /// Starts for each k, of which the one with the least inertia is kept.
    public let restarts: Int
    public let seed: UInt64
    /// Fit on all four turns of each picture.
    public let rotations: Bool

    public init(k: ClosedRange<Int>, restarts: Int = 10, seed: UInt64 = 0, rotations: Bool = false)
    {
        precondition(k.lowerBound >= 1 && restarts >= 1)
        self.k = k
        self.restarts = restarts
        self.seed = seed
        self.rotations = rotations
    }
}

/// How one start ended.
public struct KMeansRestart: Sendable, Equatable {
    public let k: Int
    /// From 0; numbers beyond the restarts asked for are of starts that came from fits of k + 1.
    public let restart: Int
    /// Passes until no picture changed its cluster.
    public let iterations: Int
    public let inertia: Double
}

/// What fitting gave.
public struct KMeansResult: Sendable, Equatable {
    /// Of the suggested k, or the only one.
    public let model: KMeansModel
    public let restarts: [KMeansRestart]
}

extension KMeansModel {
    /// Fits K-Means for each k of a range and chooses by the elbow curve.
    ///
    /// Every start runs until no picture changes its cluster, all side by side. Assignments are those
    /// of exact arithmetic, the lower number of equally near clusters first. Then each k but the last
    /// gets a few starts more, from the best fits of k + 1: these often end lower than any start
    /// drawn at random. A k above the number of different pictures is left out.
    public static func fit(
        _ vectors: ModelVectors, _ settings: KMeansSettings, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> KMeansResult {
        let points = settings.rotations ? vectors.withAllTurns : vectors
        let most = points.distinctCount(upTo: settings.k.upperBound)
        let range = min(settings.k.lowerBound, most)...most
        let starts = try KMeansStarts.drawn(
            points, range: range, restarts: settings.restarts, seed: settings.seed,
            workers: workers)
        let lloyd = try Lloyd(points: points, workers: workers)
        var runs = try lloyd.runs(
            zip(range, starts).flatMap { k, restarts in
                restarts.enumerated().map { restart, assignments in
                    KMeansRun(k: k, restart: restart, assignments: assignments)
                }
            })
        let merging = range.dropLast().count { $0 > 1 } * min(mergedStarts, settings.restarts)
        try lloyd.settle(&runs) { progress?($0, $1 + merging) }
        let total = points.sumOfSquares
        var merged = try lloyd.runs(
            mergedRuns(of: runs, range: range, restarts: settings.restarts, total: total))
        let drawn = runs.count
        try lloyd.settle(&merged) { progress?(drawn + $0, drawn + $1) }
        runs = (runs + merged).sorted { ($0.k, $0.restart) < ($1.k, $1.restart) }
        return result(of: runs, total: total, rotations: settings.rotations)
    }

    /// Fits of k + 1 that k starts from besides.
    private static let mergedStarts = 3

    /// Starts for each k from the best fits of k + 1.
    private static func mergedRuns(
        of runs: [KMeansRun], range: ClosedRange<Int>, restarts: Int, total: Double
    ) -> [KMeansRun] {
        range.dropLast().filter { $0 > 1 }.flatMap { k in
            let inertias = runs.filter { $0.k == k + 1 }.map { ($0.inertia(total: total), $0) }
            let best = inertias.sorted { ($0.0, $0.1.restart) < ($1.0, $1.1.restart) }
            return best.prefix(mergedStarts).enumerated().map { place, parent in
                KMeansRun(
                    k: k, restart: restarts + place, assignments: parent.1.assignmentsOfOneLess)
            }
        }
    }

    private static func result(of runs: [KMeansRun], total: Double, rotations: Bool) -> KMeansResult
    {
        let restarts = runs.map {
            KMeansRestart(
                k: $0.k, restart: $0.restart, iterations: $0.passes,
                inertia: $0.inertia(total: total))
        }
        let ks = Set(runs.map(\.k)).sorted()
        let best = ks.map { k in
            restarts.indices.filter { restarts[$0].k == k }.reduce(nil as Int?) { best, index in
                best.map { restarts[index].inertia < restarts[$0].inertia ? index : $0 } ?? index
            }
        }.compactMap { $0 }
        let elbow = best.map { ElbowPoint(k: restarts[$0].k, inertia: restarts[$0].inertia) }
        let suggested = Elbow.suggestion(elbow)
        let chosen = runs[best[elbow.firstIndex { $0.k == suggested } ?? 0]]
        let (centroids, sizes) = chosen.clustersBySize
        return KMeansResult(
            model: KMeansModel(
                centroids: centroids, sizes: sizes, rotations: rotations, elbow: elbow,
                suggested: elbow.count > 1 ? suggested : nil),
            restarts: restarts)
    }
}

/// The rule that reads k off the elbow curve.
public enum Elbow {
    /// The point furthest below the chord from the first to the last, both axes scaled to 0…1: the
    /// knee of V. Satopää et al., "Finding a 'Kneedle' in a haystack", ICDCSW 2011.
    ///
    /// The only k of a single point; the smaller k of two equal knees; the least k of a flat curve.
    public static func suggestion(_ points: [ElbowPoint]) -> Int {
        guard let first = points.first, let last = points.last else { return 1 }
        let width = Double(last.k - first.k)
        let height = first.inertia - last.inertia
        guard width > 0, height > 0 else { return first.k }
        var best = (k: first.k, depth: 0.0)
        for point in points {
            let x = Double(point.k - first.k) / width
            let y = (point.inertia - last.inertia) / height
            // More than rounding: on a straight line no point is a knee.
            if 1 - x - y > best.depth + 1e-12 { best = (point.k, 1 - x - y) }
        }
        return best.k
    }
}

extension ModelVectors {
    /// Every vector in all four turns: `4 · count` vectors, turn by turn.
    fileprivate var withAllTurns: ModelVectors {
        var turned: [UInt8] = []
        turned.reserveCapacity(bytes.count * 4)
        for turn in 0..<4 {
            for index in 0..<count { turned += self.turned(index, quarterTurns: turn) }
        }
        return ModelVectors(bytes: turned)
    }

    /// How many vectors differ, counted up to `limit`.
    fileprivate func distinctCount(upTo limit: Int) -> Int {
        var seen: Set<ArraySlice<UInt8>> = []
        for index in 0..<count where seen.count < limit { seen.insert(self[index]) }
        return max(1, seen.count)
    }

    /// Σx² over all values; exact below 2⁵³.
    fileprivate var sumOfSquares: Double {
        var sum = 0
        bytes.withUnsafeBufferPointer { for byte in $0 { sum += Int(byte) * Int(byte) } }
        return Double(sum)
    }
}

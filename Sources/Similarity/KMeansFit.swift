package import AtlasModel
package import Parallel

/// How to fit K-Means.
package struct KMeansSettings: Sendable, Equatable {
    /// The numbers of clusters to fit.
    package let k: ClosedRange<Int>
    /// Restarts for each k; the one with the least inertia is kept.
    package let restarts: Int
    package let seed: UInt64
    /// Whether to fit on all four rotations of each picture.
    package let rotations: Bool

    package init(k: ClosedRange<Int>, restarts: Int = 10, seed: UInt64 = 0, rotations: Bool = false)
    {
        precondition(k.lowerBound >= 1 && restarts >= 1)
        self.k = k
        self.restarts = restarts
        self.seed = seed
        self.rotations = rotations
    }
}

/// The result of one restart.
package struct KMeansRestart: Sendable, Equatable {
    package let k: Int
    /// Number of the restart, from 0. Numbers from `KMeansSettings.restarts` on belong to restarts
    /// that began with a merged fit of k + 1 clusters.
    package let restart: Int
    /// Number of passes until no picture changed its cluster.
    package let iterations: Int
    /// Sum of squared distances to the centroids on pixels / 255.
    package let inertia: Double
}

/// The result of fitting K-Means.
package struct KMeansResult: Sendable, Equatable {
    /// The best fit of the suggested k, or of the only k.
    package let model: KMeansModel
    /// All restarts, by k and then by number.
    package let restarts: [KMeansRestart]
}

extension KMeansModel {
    /// Fits K-Means for each k of a range and chooses one k by the elbow curve.
    ///
    /// Restarts begin with greedy k-means++ and run until no picture changes its cluster.
    /// Assignments are those of exact arithmetic; of equally near clusters, the one with the lower
    /// number is chosen. Then each k except the largest gets a few more restarts, which begin with
    /// the best fits of k + 1 with two clusters merged. These often have less inertia than any
    /// random restart. Of restarts with equal inertia, the first is kept. A k above the number of
    /// distinct pictures is left out, but k = 1 always remains.
    ///
    /// For four equal black pictures and one white one, k = 2 gives inertia 0 and the sizes [4, 1].
    /// The result depends on the vectors and the settings alone, not on the number of threads.
    /// - Parameters:
    ///   - vectors: at least one.
    ///   - progress: in restarts.
    /// - Throws: `KernelError`.
    package static func fit(
        _ vectors: ModelVectors, _ settings: KMeansSettings, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> KMeansResult {
        let points = settings.rotations ? vectors.withAllTurns : vectors
        let limit = points.distinctCount(upTo: settings.k.upperBound)
        let range = min(settings.k.lowerBound, limit)...limit
        let initial = try KMeansPlusPlus.drawn(
            points, range: range, restarts: settings.restarts, seed: settings.seed,
            workers: workers)
        let lloyd = try Lloyd(points: points, workers: workers)
        var runs = try lloyd.runs(
            zip(range, initial).flatMap { k, restarts in
                restarts.enumerated().map { restart, assignments in
                    KMeansRun(k: k, restart: restart, assignments: assignments)
                }
            })
        let merging = range.dropLast().count { $0 > 1 } * min(mergedRestarts, settings.restarts)
        try lloyd.settle(&runs) { progress?($0, $1 + merging) }
        let total = points.sumOfSquares
        var merged = try lloyd.runs(
            mergedRuns(of: runs, range: range, restarts: settings.restarts, total: total))
        let drawn = runs.count
        try lloyd.settle(&merged) { progress?(drawn + $0, drawn + $1) }
        runs = (runs + merged).sorted { ($0.k, $0.restart) < ($1.k, $1.restart) }
        return result(of: runs, total: total, rotations: settings.rotations)
    }

    /// Number of best fits of k + 1 whose merged clusters begin a restart for k.
    private static let mergedRestarts = 3

    /// The restarts for each k that begin with the best fits of k + 1.
    private static func mergedRuns(
        of runs: [KMeansRun], range: ClosedRange<Int>, restarts: Int, total: Double
    ) -> [KMeansRun] {
        range.dropLast().filter { $0 > 1 }.flatMap { k in
            let inertias = runs.filter { $0.k == k + 1 }.map { ($0.inertia(total: total), $0) }
            let best = inertias.sorted { ($0.0, $0.1.restart) < ($1.0, $1.1.restart) }
            return best.prefix(mergedRestarts).enumerated().map { place, parent in
                KMeansRun(
                    k: k, restart: restarts + place, assignments: parent.1.mergedAssignments)
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

/// The rule that chooses k from the elbow curve.
package enum Elbow {
    /// Depths that differ by less than this are equal. A depth is computed with a few rounding
    /// errors in double precision, about 10⁻¹⁵, and a straight line must have no knee.
    private static let depthTolerance = 1e-12

    /// The k whose point is furthest below the chord from the first to the last point, with both
    /// axes scaled to 0…1: the knee of V. Satopää et al., "Finding a 'Kneedle' in a haystack", ICDCSW
    /// 2011.
    ///
    /// The inertias 100, 20, 15, 10 and 5 for k from 1 to 5 give 2. Of equally deep points, the one
    /// with the smaller k is chosen. A straight or flat curve gives its first k, a single point its
    /// own k, and an empty curve 1.
    /// - Parameter points: sorted by ascending k.
    package static func suggestion(_ points: [ElbowPoint]) -> Int {
        guard let first = points.first, let last = points.last else { return 1 }
        let width = Double(last.k - first.k)
        let height = first.inertia - last.inertia
        guard width > 0, height > 0 else { return first.k }
        var best = (k: first.k, depth: 0.0)
        for point in points {
            let x = Double(point.k - first.k) / width
            let y = (point.inertia - last.inertia) / height
            if 1 - x - y > best.depth + depthTolerance { best = (point.k, 1 - x - y) }
        }
        return best.k
    }
}

extension ModelVectors {
    /// Every vector in all four rotations: `4 · count` vectors, first all vectors in turn 0.
    fileprivate var withAllTurns: ModelVectors {
        var turned: [UInt8] = []
        turned.reserveCapacity(bytes.count * 4)
        for turn in 0..<4 {
            for index in 0..<count { turned += self.turned(index, quarterTurns: turn) }
        }
        return ModelVectors(bytes: turned)
    }

    /// Number of distinct vectors, counted up to `limit`; at least 1.
    fileprivate func distinctCount(upTo limit: Int) -> Int {
        var seen: Set<ArraySlice<UInt8>> = []
        for index in 0..<count where seen.count < limit { seen.insert(self[index]) }
        return max(1, seen.count)
    }

    /// Σx² over all values; exact below 2⁵³, that is for 58 million vectors.
    fileprivate var sumOfSquares: Double {
        var sum = 0
        bytes.withUnsafeBufferPointer { for byte in $0 { sum += Int(byte) * Int(byte) } }
        return Double(sum)
    }
}

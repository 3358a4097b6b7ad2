import AtlasModel

/// One restart of K-Means in progress.
struct KMeansRun: Sendable {
    let k: Int
    let restart: Int
    /// The cluster of each point.
    private(set) var assignments: [Int32]
    private(set) var counts: [Int]
    /// Σx of each cluster, `(k, 2352)`. Exact, because 255 times the number of points fits in 31
    /// bits.
    private(set) var sums: [Int32] = []
    /// Centroids minus the origin, in bytes, `(k, 2352)`, rounded to single precision.
    private(set) var centroids: [Float] = []
    /// Squared lengths of the centroids minus the origin, computed in double precision; see
    /// `squareError`.
    private(set) var squares: [Double] = []
    private(set) var settled = false
    /// Number of assignments of all points so far, including the initial one.
    private(set) var passes = 1

    /// Bound on the relative error of `squares`. Each coordinate goes through two roundings (the
    /// reciprocal of the count, and the product with it), which count twice in its square; then come
    /// the square and the sum of 2352 squares. Four more are for the differences of squares that
    /// `CentredVectors` and `TurnedCentroids` compute from them.
    static let squareError = Rounding.doubleGamma(ModelVectors.length + 9)

    /// - Parameters:
    ///   - restart: its number among the restarts for the same k.
    ///   - assignments: the initial cluster of each point; every cluster has a point.
    init(k: Int, restart: Int, assignments: [Int32]) {
        precondition(assignments.count < Int(Int32.max) / 255, "sums of clusters fit 31 bits")
        self.k = k
        self.restart = restart
        self.assignments = assignments
        counts = [Int](repeating: 0, count: k)
        for cluster in assignments { counts[Int(cluster)] += 1 }
        // With one cluster, no point can change its cluster.
        settled = k == 1
    }

    /// A point and the cluster that it moves to.
    struct Move: Sendable {
        let point: Int32
        let cluster: Int32
    }

    /// Applies the moves of a pass to assignments and counts; the caller then updates the sums with
    /// `add` or `replaceSums`.
    /// - Returns: the moves with the clusters that the points left.
    mutating func assign(_ moves: [Move]) -> [(move: Move, left: Int32)] {
        passes += 1
        settled = moves.isEmpty
        return moves.map { move in
            let left = assignments[Int(move.point)]
            assignments[Int(move.point)] = move.cluster
            counts[Int(move.cluster)] += 1
            counts[Int(left)] -= 1
            return (move, left)
        }
    }

    /// Replaces the sums by sums that were computed again.
    mutating func replaceSums(_ sums: [Int32]) { self.sums = sums }

    /// Moves points from the sum of the cluster they left to that of the one they entered.
    mutating func add(_ moves: [(move: Move, left: Int32)], _ points: ModelVectors) {
        let length = ModelVectors.length
        sums.withUnsafeMutableBufferPointer { sums in
            points.bytes.withUnsafeBufferPointer { bytes in
                guard let sums = sums.baseAddress, let bytes = bytes.baseAddress else { return }
                for (move, left) in moves {
                    let source = bytes + Int(move.point) * length
                    let (entered, left) = (
                        sums + Int(move.cluster) * length, sums + Int(left) * length
                    )
                    for i in 0..<length { entered[i] &+= Int32(source[i]) }
                    for i in 0..<length { left[i] &-= Int32(source[i]) }
                }
            }
        }
    }

    /// Gives each empty cluster the point that is furthest from its centroid; of equally far ones,
    /// the first. scikit-learn does the same (`_relocate_empty_clusters`).
    mutating func fillEmpty(_ points: ModelVectors, origin: [UInt8]) {
        for empty in 0..<k where counts[empty] == 0 {
            var furthest: (point: Int, distance: Double)?
            for point in assignments.indices where counts[Int(assignments[point])] > 1 {
                let distance = squaredDistance(point, points, origin)
                if distance > furthest?.distance ?? -1 { furthest = (point, distance) }
            }
            guard let furthest else { continue }
            let move = Move(point: Int32(furthest.point), cluster: Int32(empty))
            let passes = passes
            add(assign([move]), points)
            self.passes = passes
        }
    }

    private func squaredDistance(_ point: Int, _ points: ModelVectors, _ origin: [UInt8]) -> Double
    {
        let start = Int(assignments[point]) * ModelVectors.length
        var sum = 0.0
        for (place, byte) in points[point].enumerated() {
            let difference =
                Double(Int(byte) - Int(origin[place])) - Double(centroids[start + place])
            sum += difference * difference
        }
        return sum
    }

    /// Sets the centroids to the means of their points.
    ///
    /// The origin is subtracted from the sum in integer arithmetic, so that the relative error of
    /// each coordinate stays small even for centroids close to the origin.
    mutating func setCentroids(origin: [UInt8]) {
        let length = ModelVectors.length
        squares = [Double](repeating: 0, count: k)
        centroids = [Float](unsafeUninitializedCapacity: k * length) { centroids, count in
            sums.withUnsafeBufferPointer { sums in
                origin.withUnsafeBufferPointer { origin in
                    for cluster in 0..<k {
                        let share = 1 / Double(counts[cluster])
                        var square = 0.0
                        for i in 0..<length {
                            let place = cluster * length + i
                            let sum = Int(sums[place]) - counts[cluster] * Int(origin[i])
                            let value = Double(sum) * share
                            square += value * value
                            centroids[place] = Float(value)
                        }
                        squares[cluster] = square
                    }
                }
            }
            count = k * length
        }
    }

    /// Assignments to k − 1 clusters: the two clusters whose union adds the least inertia are merged.
    ///
    /// The union of a and b adds n_a n_b / (n_a + n_b) · |c_a − c_b|² (J. Ward, "Hierarchical grouping
    /// to optimize an objective function", 1963). Of equal costs the first pair is merged.
    var mergedAssignments: [Int32] {
        let pairs = (0..<k).flatMap { first in (first + 1..<k).map { (first, $0) } }
        let costs = pairs.map { first, second in
            var square = 0.0
            for i in 0..<ModelVectors.length {
                let difference =
                    centroids[first * ModelVectors.length + i]
                    - centroids[second * ModelVectors.length + i]
                square += Double(difference * difference)
            }
            let (own, other) = (Double(counts[first]), Double(counts[second]))
            return square * own * other / (own + other)
        }
        guard let least = costs.indices.min(by: { (costs[$0], $0) < (costs[$1], $1) }) else {
            return assignments
        }
        let (kept, removed) = (Int32(pairs[least].0), Int32(pairs[least].1))
        return assignments.map { $0 == removed ? kept : $0 > removed ? $0 - 1 : $0 }
    }

    /// Sum of squared distances to the means of the clusters on pixels / 255:
    /// (Σ|x|² − Σ |S|² / n) / 255² with the sum S and the count n of each cluster.
    /// - Parameter total: Σ|x|² over all points, in bytes.
    func inertia(total: Double) -> Double {
        var inertia = total
        for cluster in 0..<k where counts[cluster] > 0 {
            var square = 0.0
            for value in sums[cluster * ModelVectors.length..<(cluster + 1) * ModelVectors.length] {
                square += Double(value) * Double(value)
            }
            inertia -= square / Double(counts[cluster])
        }
        return max(0, inertia) / (255 * 255)
    }

    /// Means on pixels / 255 and counts, by falling count; of equal counts, the lower cluster comes
    /// first.
    var clustersBySize: (centroids: [Float], sizes: [Int]) {
        let order = (0..<k).sorted { (counts[$1], $0) < (counts[$0], $1) }
        let means = order.flatMap { cluster -> [Float] in
            let scale = 255 * Double(max(1, counts[cluster]))
            let start = cluster * ModelVectors.length
            return sums[start..<start + ModelVectors.length].map { Float(Double($0) / scale) }
        }
        return (means, order.map { counts[$0] })
    }
}

import AtlasModel
import Kernels
import Parallel

/// One start of K-Means under way.
struct KMeansRun: Sendable {
    let k: Int
    let restart: Int
    /// Cluster of each point, −1 before the first pass.
    fileprivate(set) var assignments: [Int32]
    /// Σx of each cluster, `(k, 2352)`; exact, since 8 million pictures of bytes fit 31 bits.
    fileprivate(set) var sums: [Int32]
    fileprivate(set) var counts: [Int]
    /// Centroids in bytes less 128, `(k, 2352)`.
    fileprivate(set) var centroids: [Float]
    fileprivate(set) var settled = false
    fileprivate(set) var passes = 0

    /// - Parameter starts: the points that are the first centroids.
    init(k: Int, restart: Int, points: ModelVectors, starts: [Int]) {
        precondition(points.count < Int(Int32.max) / 255, "sums of clusters fit 31 bits")
        self.k = k
        self.restart = restart
        assignments = [Int32](repeating: -1, count: points.count)
        sums = [Int32](repeating: 0, count: k * ModelVectors.length)
        counts = [Int](repeating: 0, count: k)
        centroids = CentredBlock.centred(points.selecting(starts).bytes[...])
    }

    /// Sum of squared distances to the clusters' means on pixels / 255: Σx² − Σ |Σx|² / count.
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

    /// Means on pixels / 255 and counts, by falling count; of equal ones the earlier start first.
    var clustersBySize: (centroids: [Float], sizes: [Int]) {
        let order = (0..<k).sorted { (counts[$1], $0) < (counts[$0], $1) }
        let means = order.flatMap { cluster -> [Float] in
            let scale = 255 * Double(max(1, counts[cluster]))
            let start = cluster * ModelVectors.length
            return sums[start..<start + ModelVectors.length].map { Float(Double($0) / scale) }
        }
        return (means, order.map { counts[$0] })
    }

    /// Takes over new assignments: moves points between sums, fills clusters that fell empty, and
    /// sets the centroids to the means.
    fileprivate mutating func take(_ nearest: [Int32], distances: [Float], _ points: ModelVectors) {
        passes += 1
        var moved = false
        for index in assignments.indices where nearest[index] != assignments[index] {
            move(index, to: nearest[index], points)
            moved = true
        }
        for cluster in 0..<k where counts[cluster] == 0 {
            let furthest = distances.indices.filter { counts[Int(assignments[$0])] > 1 }
                .max { distances[$0] < distances[$1] }
            guard let furthest else { continue }
            move(furthest, to: Int32(cluster), points)
            moved = true
        }
        settled = !moved
        if moved { setCentroids() }
    }

    private mutating func move(_ index: Int, to cluster: Int32, _ points: ModelVectors) {
        let old = assignments[index]
        let length = ModelVectors.length
        assignments[index] = cluster
        counts[Int(cluster)] += 1
        if old >= 0 { counts[Int(old)] -= 1 }
        sums.withUnsafeMutableBufferPointer { sums in
            points.bytes.withUnsafeBufferPointer { bytes in
                let new = sums.baseAddress! + Int(cluster) * length
                let source = bytes.baseAddress! + index * length
                for i in 0..<length { new[i] &+= Int32(source[i]) }
                guard old >= 0 else { return }
                let left = sums.baseAddress! + Int(old) * length
                for i in 0..<length { left[i] &-= Int32(source[i]) }
            }
        }
    }

    private mutating func setCentroids() {
        for cluster in 0..<k where counts[cluster] > 0 {
            let share = 1 / Double(counts[cluster])
            for i in cluster * ModelVectors.length..<(cluster + 1) * ModelVectors.length {
                centroids[i] = Float(Double(sums[i]) * share - 128)
            }
        }
    }
}

/// S. Lloyd, "Least squares quantization in PCM", 1982, for many starts at once.
struct Lloyd {
    let points: ModelVectors
    let workers: Workers

    /// Points whose products are made together.
    static let block = 512

    /// Brings every run that has not settled one pass further.
    func pass(_ runs: inout [KMeansRun]) throws {
        let live = runs.indices.filter { !runs[$0].settled }
        let matrix = live.flatMap { runs[$0].centroids }
        let norms = CentredBlock.norms(matrix)
        let offsets = live.reduce(into: [0]) { $0.append($0[$0.count - 1] + runs[$1].k) }
        let blocks = try workers.map((points.count + Self.block - 1) / Self.block) { block in
            let range = block * Self.block..<min(points.count, (block + 1) * Self.block)
            let products = try CentredBlock.products(points, range, with: matrix)
            return live.indices.map { place in
                nearest(
                    products, rows: range.count, columns: offsets[place]..<offsets[place + 1],
                    norms: norms)
            }
        }
        let current = runs
        let moved = try workers.map(live.count) { place in
            var run = current[live[place]]
            run.take(
                blocks.flatMap { $0[place].clusters },
                distances: blocks.flatMap { $0[place].distances },
                points)
            return run
        }
        for (place, index) in live.enumerated() { runs[index] = moved[place] }
    }

    /// The nearest centroid of each row among some columns, and the squared distance in byte units.
    private func nearest(
        _ products: (values: [Float], norms: [Float]), rows: Int, columns: Range<Int>,
        norms: [Float]
    ) -> (clusters: [Int32], distances: [Float]) {
        var clusters = [Int32](repeating: 0, count: rows)
        var distances = [Float](repeating: 0, count: rows)
        let width = norms.count
        products.values.withUnsafeBufferPointer { values in
            norms.withUnsafeBufferPointer { norms in
                for row in 0..<rows {
                    var best = columns.lowerBound
                    var least = Float.infinity
                    for column in columns {
                        let part = norms[column] - 2 * values[row * width + column]
                        if part < least {
                            least = part
                            best = column
                        }
                    }
                    clusters[row] = Int32(best - columns.lowerBound)
                    distances[row] = max(0, least + products.norms[row])
                }
            }
        }
        return (clusters, distances)
    }
}

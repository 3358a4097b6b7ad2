import AtlasModel
import Kernels
import Parallel

/// Computes the sum of the points of each cluster in integer arithmetic, as a matrix product with
/// memberships of 0 and 1.
enum ClusterSums {
    /// Number of clusters in one product.
    private static let mostClusters = 96
    /// Number of points in one product. Their memberships of 96 clusters take 1.5 MB.
    private static let slab = 16_384

    /// Computes the sums of the `runs` at `indices`.
    static func compute(
        _ runs: inout [KMeansRun], at indices: [Int], _ points: ModelVectors, workers: Workers
    ) throws {
        var groups: [[Int]] = []
        var clusters = 0
        for index in indices {
            if groups.isEmpty || clusters + runs[index].k > mostClusters {
                groups.append([])
                clusters = 0
            }
            groups[groups.count - 1].append(index)
            clusters += runs[index].k
        }
        let current = runs
        let grouped = groups.map { group in group.map { current[$0] } }
        let computed = try workers.map(grouped.count) { try sums(grouped[$0], points) }
        for (group, sums) in zip(groups, computed) {
            for (index, sums) in zip(group, sums) { runs[index].replaceSums(sums) }
        }
    }

    /// The sums of each run, `(k, 2352)`.
    private static func sums(_ runs: [KMeansRun], _ points: ModelVectors) throws -> [[Int32]] {
        KernelThreads.use(1)
        let length = ModelVectors.length
        let offsets = runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.k) }
        let groups = offsets[runs.count]
        var sums = [Int32](repeating: 0, count: length * groups)
        for start in stride(from: 0, to: points.count, by: slab) {
            let range = start..<min(points.count, start + slab)
            var memberships = [Int8](repeating: 0, count: range.count * groups)
            for (run, offset) in zip(runs, offsets) {
                for (place, cluster) in run.assignments[range].enumerated() {
                    memberships[place * groups + offset + Int(cluster)] = 1
                }
            }
            try points.bytes.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                try GEMM.addSums(
                    of: base + start * length, memberships: memberships, count: range.count,
                    to: &sums)
            }
        }
        return zip(runs, offsets).map { run, offset in
            (0..<run.k).flatMap { cluster in
                (0..<length).map { sums[$0 * groups + offset + cluster] }
            }
        }
    }
}

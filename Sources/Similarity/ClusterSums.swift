import AtlasModel
import Kernels
import Parallel

/// Sums of the points of each cluster, made anew: a product with memberships of 0 and 1, in whole
/// numbers.
enum ClusterSums {
    /// Clusters whose sums are made in one product, and points taken at a time.
    private static let mostClusters = 96
    private static let slab = 16_384

    /// Gives `runs` at `indices` their sums.
    static func make(
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
        let known = runs
        let together = groups.map { group in group.map { known[$0] } }
        let made = try workers.map(together.count) { try sums(together[$0], points) }
        for (group, sums) in zip(groups, made) {
            for (index, sums) in zip(group, sums) { runs[index].take(sums) }
        }
    }

    /// `(k, 2352)` for each run.
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

import Kernels
import Parallel
import RandomNumbers

/// Where pictures lie in the plane of the first two principal components of their features.
enum PrincipalPlane {
    /// Number of directions that the search keeps, so that the first two settle soon.
    private static let directions = 6
    private static let steps = 8
    /// The plane is found from at most this many pictures.
    private static let sample = 2048

    /// Places in the plane. Features that all pictures share give (0, 0).
    static func places(_ features: PlaneFeatures, workers: Workers) throws -> [SIMD2<Double>] {
        let width = features.width
        guard features.count > 1 else { return features.count == 1 ? [.zero] : [] }
        let stride = (features.count + sample - 1) / sample
        let chosen = Swift.stride(from: 0, to: features.count, by: stride).map(features.row)
        var mean = [Double](repeating: 0, count: width)
        for row in chosen {
            for i in 0..<width { mean[i] += Double(row[i]) }
        }
        let middle = mean.map { Float($0 / Double(chosen.count)) }
        let rows = chosen.flatMap { row in zip(row, middle).map { $0 - $1 } }
        var random = SplitMix64(seed: 0)
        let start = (0..<min(directions, width) * width).map { _ in
            Float.random(in: -1..<1, using: &random)
        }
        // The sums of a product depend on the number of threads that share it.
        KernelThreads.use(1)
        let found = try Subspace.directions(
            of: rows, length: width, startingAt: start, steps: steps)
        return try workers.map(features.count, chunk: 256) { index in
            let row = features.row(index)
            var place = SIMD2<Double>.zero
            for i in 0..<width {
                let value = Double(row[i] - middle[i])
                place.x += value * Double(found[i])
                if found.count >= 2 * width { place.y += value * Double(found[width + i]) }
            }
            return place
        }
    }
}

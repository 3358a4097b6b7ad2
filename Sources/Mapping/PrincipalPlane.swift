import Kernels
import Parallel
import RandomNumbers

/// The first principal components of features.
struct PrincipalComponents: Sendable {
    /// The mean of all rows.
    let middle: [Float]
    /// Orthonormal directions, one after another; fewer than wanted if the rows span fewer dimensions.
    let directions: [Float]

    private static let steps = 8
    /// They are found from at most this many rows.
    private static let sample = 2048

    /// - Parameters:
    ///   - count: number of rows, at least one.
    ///   - wanted: number of directions.
    ///   - row: the values of a row, as many for each.
    /// - Throws: `KernelError`.
    init(of count: Int, wanted: Int, row: (Int) -> [Float]) throws {
        let stride = (count + Self.sample - 1) / Self.sample
        let chosen = Swift.stride(from: 0, to: count, by: stride).map(row)
        let width = chosen[0].count
        var mean = [Double](repeating: 0, count: width)
        for row in chosen {
            for i in 0..<width { mean[i] += Double(row[i]) }
        }
        let middle = mean.map { Float($0 / Double(chosen.count)) }
        let rows = chosen.flatMap { row in zip(row, middle).map { $0 - $1 } }
        var random = SplitMix64(seed: 0)
        let start = (0..<min(wanted, width) * width).map { _ in
            Float.random(in: -1..<1, using: &random)
        }
        // The sums of a product depend on the number of threads that share it.
        KernelThreads.use(1)
        directions = try Subspace.directions(
            of: rows, length: width, startingAt: start, steps: Self.steps)
        self.middle = middle
    }
}

/// Where pictures lie in the plane of the first two principal components of their features.
enum PrincipalPlane {
    /// Number of directions that the search keeps, so that the first two settle soon.
    private static let directions = 6

    /// Places in the plane. Features that all pictures share give (0, 0).
    static func places(_ features: PlaneFeatures, workers: Workers) throws -> [SIMD2<Double>] {
        let width = features.width
        guard features.count > 1 else { return features.count == 1 ? [.zero] : [] }
        let components = try PrincipalComponents(
            of: features.count, wanted: directions, row: features.row)
        let (found, middle) = (components.directions, components.middle)
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

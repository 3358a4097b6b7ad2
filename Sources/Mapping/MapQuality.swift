package import AtlasModel
import Kernels
package import Parallel

/// Measures how well a map keeps the neighbours of pictures.
package enum MapQuality {
    private static let block = 64

    // MARK: Recall

    /// The share of the targets of all pictures that are among their nearest on the map: of a picture with 12
    /// targets among the 12 nearest. Each picture counts the same.
    /// - Returns: `nil` if no picture has targets.
    package static func recall(
        of places: [SIMD2<Float>], _ targets: [[Match]], workers: Workers
    ) throws -> Double? {
        let points = NearestPoints(places)
        let shares = try workers.map(places.count, chunk: block) { index -> Double? in
            let own = targets[index]
            guard !own.isEmpty else { return nil }
            let nearest = Set(points.nearest(to: index, count: own.count))
            return Double(own.count { nearest.contains($0.target) }) / Double(own.count)
        }.compactMap(\.self)
        return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }

    // MARK: Trustworthiness

    /// The pictures among which trustworthiness is measured: all, or each n-th, so that there are at most this
    /// many.
    package static func sample(of count: Int, most: Int = 1_000) -> [Int] {
        Array(stride(from: 0, to: count, by: max(1, (count + most - 1) / most)))
    }

    /// Trustworthiness (J. Venna and S. Kaski, "Neighborhood preservation in nonlinear projection methods",
    /// 2001), as scikit-learn defines it: 1 if the `neighbours` nearest of each picture on the map are its
    /// nearest by the features, less the farther away others are by their rank.
    /// - Parameters:
    ///   - maps: places of the pictures on maps.
    ///   - features: of the same pictures.
    ///   - neighbours: fewer than half of the pictures.
    /// - Returns: a number for each map.
    /// - Throws: `KernelError`.
    package static func trustworthiness(
        of maps: [[SIMD2<Float>]], _ features: PlaneFeatures, neighbours: Int, workers: Workers
    ) throws -> [Double] {
        let (n, k, width) = (features.count, neighbours, features.width)
        precondition(k > 0 && 2 * k < n, "fewer neighbours than half of the pictures")
        let rows = try workers.map(n, chunk: block, features.unit).flatMap(\.self)
        let points = maps.map(NearestPoints.init)
        let blocks = (n + block - 1) / block
        let penalties = try workers.map(blocks) { number -> [Int] in
            let range = number * block..<min(n, (number + 1) * block)
            var likeness = [Float](repeating: 0, count: range.count * n)
            KernelThreads.use(1)
            try rows.withUnsafeBufferPointer { rows in
                guard let start = rows.baseAddress else { return }
                try GEMM.multiply(
                    start + range.lowerBound * width, start, into: &likeness,
                    .init(m: range.count, n: n, k: width))
            }
            // A picture is no neighbour of its own.
            for index in range { likeness[(index - range.lowerBound) * n + index] = -.infinity }
            return points.map { points in
                var sum = 0
                for index in range {
                    let start = (index - range.lowerBound) * n
                    for other in points.nearest(to: index, count: k) {
                        sum += max(0, rank(of: other, likeness[start..<start + n]) - k)
                    }
                }
                return sum
            }
        }
        let scale = 2 / (Double(n * k) * Double(2 * n - 3 * k - 1))
        return maps.indices.map { map in
            1 - scale * Double(penalties.reduce(0) { $0 + $1[map] })
        }
    }

    /// The rank of a picture among others by their likeness to one, from 1; of equal ones the first.
    private static func rank(of other: Int, _ likeness: ArraySlice<Float>) -> Int {
        likeness.withUnsafeBufferPointer { likeness in
            let own = likeness[other]
            var nearer: Int32 = 1
            for value in likeness { nearer &+= value > own ? 1 : 0 }
            for value in likeness[..<other] { nearer &+= value == own ? 1 : 0 }
            return Int(nearer)
        }
    }
}

import Kernels
import Parallel

/// Features of pictures in few numbers: their first principal components, in length 1 before.
struct SortedFeatures: Sendable {
    /// Sixteen numbers.
    typealias Lanes = SIMD16<Float>

    /// Of each picture `width` values.
    let values: [Lanes]

    /// Number of values of a picture: 48 numbers hold most of what tells pictures apart.
    static let width = 3
    private static let block = 256

    init(values: [Lanes]) { self.values = values }

    /// - Throws: `KernelError`.
    init(_ features: PlaneFeatures, workers: Workers) throws {
        guard features.count > 0 else {
            values = []
            return
        }
        let numbers = Self.width * Lanes.scalarCount
        let components = try PrincipalComponents(
            of: features.count, wanted: numbers, row: features.unit)
        let found = components.directions.count / features.width
        let blocks = (features.count + Self.block - 1) / Self.block
        values = try workers.map(blocks) { number -> [Lanes] in
            let range = number * Self.block..<min(features.count, (number + 1) * Self.block)
            let rows = range.flatMap { zip(features.unit($0), components.middle).map { $0 - $1 } }
            var products = [Float](repeating: 0, count: range.count * found)
            KernelThreads.use(1)
            try GEMM.multiply(
                rows, components.directions, into: &products,
                .init(m: range.count, n: found, k: features.width))
            return range.indices.flatMap { index -> [Lanes] in
                let start = (index - range.lowerBound) * found
                let row = products[start..<start + found] + repeatElement(0, count: numbers - found)
                return (0..<Self.width).map { lane in
                    Lanes(row.dropFirst(lane * Lanes.scalarCount).prefix(Lanes.scalarCount))
                }
            }
        }.flatMap(\.self)
    }
}

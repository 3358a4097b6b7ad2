import AtlasModel
import Testing

@Suite struct ModelVectorsTests {
    /// A vector of zeros except for one pixel, (1, 2, 3), at a row and a column.
    private func vector(row: Int, column: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: ModelVectors.length)
        for channel in 0..<3 { bytes[(row * 28 + column) * 3 + channel] = UInt8(channel + 1) }
        return bytes
    }

    /// `numpy.rot90` moves row r and column c of 28 × 28 to row 27 − c and column r.
    @Test(
        "A quarter turn is counter-clockwise, as numpy.rot90 turns",
        arguments: [(0, 2, 5), (1, 22, 2), (2, 25, 22), (3, 5, 25), (4, 2, 5), (-1, 5, 25)])
    func turned(quarterTurns: Int, row: Int, column: Int) {
        let vectors = ModelVectors(
            bytes: vector(row: 9, column: 9) + vector(row: 2, column: 5))
        #expect(
            vectors.turned(1, quarterTurns: quarterTurns) == vector(row: row, column: column))
    }

    @Test("Selected vectors come in the order asked for")
    func selecting() {
        let vectors = ModelVectors(
            bytes: (0..<3).flatMap { [UInt8](repeating: $0, count: ModelVectors.length) })
        #expect(vectors.count == 3)
        #expect(vectors.selecting([2, 0, 2]).bytes.map(Int.init).reduce(0, +) == 4 * 2352)
        #expect(vectors.selecting([2, 0])[0].allSatisfy { $0 == 2 })
        #expect(vectors.selecting([]).count == 0)
    }
}

@Suite struct ConstantVectorTests {
    @Test("Only a vector whose bytes are all equal is constant")
    func constant() {
        var bytes = [UInt8](repeating: 7, count: 2 * ModelVectors.length)
        bytes[2 * ModelVectors.length - 1] = 8
        let vectors = ModelVectors(bytes: bytes)
        #expect(vectors.isConstant(0))
        #expect(!vectors.isConstant(1))
    }
}

import Kernels

/// Codes as the right side of products, and what a product must reach.
struct CodeBlock: Sendable {
    let count: Int
    private let rows: ByteRows
    /// The least product with a code without rounding that may reach the correlation, padded to whole
    /// lanes.
    private let bars: [Int32]

    private typealias Lanes = SIMD16<Int32>
    /// Lanes that are looked at together.
    private static let run = 64
    /// Bound on the error of a code, that of 32 coordinates rounded to 1 / 127.
    static let largestError: Float = 0.5 * 5.66 / CodeEncoder.scale
    /// Numbers that have to follow the products, because lanes are read whole.
    static let room = run

    /// - Parameters:
    ///   - correlation: what two rows have to reach.
    ///   - encoder: that made the codes.
    init(_ codes: Codes, reaching correlation: Double, _ encoder: CodeEncoder) {
        count = codes.errors.count
        rows = ByteRows(codes.bytes, length: CodeEncoder.length)
        let least = Float(correlation) - encoder.productError
        var bars = codes.errors.enumerated().map { place, error -> Int32 in
            // A byte of the left side has 128 added, which adds 128 times the sum of the right side.
            let code = codes.bytes[place * CodeEncoder.length..<(place + 1) * CodeEncoder.length]
            let added = code.reduce(0) { $0 + 128 * (Int32($1) - 128) }
            return Int32((CodeEncoder.unit * (least - error)).rounded(.down)) + added
        }
        while bars.count % Self.run != 0 { bars.append(.max) }
        self.bars = bars
    }

    /// Products of some codes with those of the block.
    /// - Parameters:
    ///   - codes: `(any, 32)`.
    ///   - products: `(range.count, count)` and `room` more numbers, out.
    ///   - scratch: see `ByteRows`.
    func multiply(
        _ codes: [UInt8], _ range: Range<Int>, into products: inout [Int32],
        scratch: inout [Float]
    ) throws {
        try rows.products(with: codes, range, into: &products, scratch: &scratch)
    }

    /// Calls `body` with row and column of every product whose rows may correlate enough.
    /// - Parameters:
    ///   - products: `(slacks.count, count)`, and `room` more numbers.
    ///   - slacks: what each row may lack.
    func forEachCandidate(
        _ products: [Int32], slacks: ArraySlice<Int32>, _ body: (_ row: Int, _ column: Int) -> Void
    ) {
        let width = count
        precondition(products.count >= slacks.count * width + Self.room, "room for whole lanes")
        products.withUnsafeBytes { products in
            bars.withUnsafeBytes { bars in
                for (row, slack) in slacks.enumerated() {
                    for first in stride(from: 0, to: width, by: Self.run) {
                        let line = UnsafeRawBufferPointer(
                            rebasing: products[
                                ((row * width) + first) * 4..<((row * width) + first + Self.run) * 4
                            ])
                        let bar = UnsafeRawBufferPointer(
                            rebasing: bars[first * 4..<(first + Self.run) * 4])
                        guard Self.mayPass(line, bar, slack) else { continue }
                        for column in 0..<min(Self.run, width - first)
                        where line.load(fromByteOffset: 4 * column, as: Int32.self) &+ slack
                            >= bar.load(fromByteOffset: 4 * column, as: Int32.self)
                        {
                            body(row, first + column)
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func mayPass(
        _ line: UnsafeRawBufferPointer, _ bars: UnsafeRawBufferPointer, _ slack: Int32
    ) -> Bool {
        let slacks = Lanes(repeating: slack)
        var passing = SIMDMask<Lanes>(repeating: false)
        for start in stride(from: 0, to: run * 4, by: Lanes.scalarCount * 4) {
            passing .|= line.loadUnaligned(fromByteOffset: start, as: Lanes.self) &+ slacks
                .>= bars.loadUnaligned(fromByteOffset: start, as: Lanes.self)
        }
        return any(passing)
    }
}

/// When a picture is a copy of another one: turned, mirrored, of another size, quality or brightness.
///
/// Two pictures are alike if their model vectors correlate under one of the eight symmetries. That is so
/// for many smooth pictures of different things. So their details have to correlate as well: the grey
/// values less the means of small blocks. `docs/groups.md` says where the numbers come from.
struct CopyRule: Sendable {
    /// Least correlation of the model vectors.
    let correlation: Double
    /// Least correlation of the details.
    let detail: Double

    /// For pictures that are larger than model vectors, whose details are read from the files.
    static let large = CopyRule(correlation: 0.92, detail: 0.6)
    /// For pictures that have hardly more details than their model vectors.
    static let small = CopyRule(correlation: 0.99, detail: 0.95)

    /// The smaller side from which a picture counts as large.
    static let largeSide = 56
    /// Largest ratio of the aspect ratios of two copies; sides are rounded when a picture is reduced.
    static let aspect = 1.04
}

/// The grey values of a picture less the mean of their block.
struct Detail: Sendable {
    /// Side of the picture in pixels, a multiple of `block`.
    private let side: Int
    /// `(side, side)`, times the pixels of a block and the three colours, so that they are whole numbers.
    private let values: [Int32]

    /// Side of the pictures that details of large pictures are taken from.
    package static let largeSide = 96
    private static let largeBlock = 8
    private static let smallBlock = 7

    /// - Parameter pixels: `(side, side, 3)`; the side is a multiple of the block.
    init(_ pixels: some Collection<UInt8>, isLarge: Bool) {
        let block = isLarge ? Self.largeBlock : Self.smallBlock
        var grey: [Int32] = []
        var channel = 0
        for value in pixels {
            if channel == 0 { grey.append(0) }
            grey[grey.count - 1] += Int32(value)
            channel = (channel + 1) % 3
        }
        let side = Int(Double(grey.count).squareRoot())
        precondition(side * side == grey.count && side % block == 0, "a square of whole blocks")
        let blocks = side / block
        var sums = [Int32](repeating: 0, count: blocks * blocks)
        func place(_ pixel: Int) -> Int { pixel / side / block * blocks + pixel % side / block }
        for (pixel, value) in grey.enumerated() { sums[place(pixel)] += value }
        values = grey.enumerated().map { pixel, value in
            value * Int32(block * block) - sums[place(pixel)]
        }
        self.side = side
    }

    /// Whether a large picture would be a copy of itself when it is shifted in any of eight directions:
    /// what is left of a gradient without the means of blocks is the same for all gradients.
    /// - Parameter pixels: `(96, 96, 3)`.
    static func isSmooth(_ pixels: [UInt8]) -> Bool {
        let (shift, inner) = (largeBlock / 2, largeSide - largeBlock)
        func part(_ top: Int, _ left: Int) -> Detail {
            let rows = (top..<top + inner).map { row -> ArraySlice<UInt8> in
                let first = (row * largeSide + left) * 3
                return pixels[first..<first + inner * 3]
            }
            return Detail(Array(rows.joined()), isLarge: true)
        }
        let middle = part(shift, shift)
        return [0, shift, 2 * shift].allSatisfy { top in
            [0, shift, 2 * shift].allSatisfy { left in
                middle.correlation(with: part(top, left), turnedBy: 0) >= CopyRule.large.detail
            }
        }
    }

    /// Pearson correlation with another picture of the same side, which is transformed by a symmetry; 0
    /// if one of the two has no details.
    func correlation(with other: Detail, turnedBy symmetry: Int) -> Double {
        // Means of blocks are 0, and so is the mean.
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for row in 0..<side {
            for column in 0..<side {
                var (x, y) = (column, row)
                for _ in 0..<symmetry % 4 { (x, y) = (side - 1 - y, x) }
                if symmetry >= 4 { x = side - 1 - x }
                let (one, two) = (
                    Double(values[row * side + column]), Double(other.values[y * side + x])
                )
                xx += one * one
                yy += two * two
                xy += one * two
            }
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
    }
}

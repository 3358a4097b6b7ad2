import AtlasModel

/// Where a patch is, with its mean and its contrast.
struct PatchLevel: Sendable {
    let place: PatchPlace
    /// Sum of its bytes.
    let sum: Int32
    /// As in `CentredRows`.
    let spread: Double
}

/// All patches of some pictures as `PatchScreen` sees them.
///
/// Each patch is a column. The patches of a picture with one top edge are 16 columns side by side, of which
/// the last one stands for no patch.
struct PatchQuarters: Sendable {
    typealias Lanes = SIMD16<Float>

    /// Twelve coordinates, and the length of what they leave of the patch.
    static let rows = 13
    /// Places of a patch in a picture along one axis.
    private static let places = 2 * SameGround.reach + 1
    /// Columns of a picture.
    static let columns = places * Lanes.scalarCount
    /// Side of a quarter of a patch.
    private static let quarter = SameGround.patch / 2
    /// Added to the square of what is left, so that its root is no less than the true one: more than
    /// the rounding error of a difference of numbers up to 1.
    private static let restError: Float = 1e-5

    /// Number of columns.
    let width: Int
    /// `(13, width)`: the coordinates of each patch, and the length of what they leave of the patch less
    /// its mean, of length 1. All zero for an even patch, and for no patch.
    private(set) var coordinates: [Float]
    /// Sum of the bytes of each patch.
    private(set) var sums: [Float]
    /// As in `CentredRows`.
    private(set) var spreads: [Double]
    private var areas = AreaSums()

    /// - Parameter pictures: room for so many.
    init(pictures: Int) {
        width = pictures * Self.columns
        coordinates = [Float](repeating: 0, count: Self.rows * width)
        sums = [Float](repeating: 0, count: width)
        spreads = [Double](repeating: 0, count: width)
    }

    /// The column of a patch of the picture at `place`.
    static func column(of shift: Shift, at place: Int) -> Int {
        place * columns + (SameGround.reach - shift.down) * Lanes.scalarCount
            + SameGround.reach - shift.right
    }

    /// The patch in a column that is not even.
    /// - Parameter pictures: that they were filled with.
    func level(of column: Int, in pictures: [Int]) -> PatchLevel {
        let (place, rest) = column.quotientAndRemainder(dividingBy: Self.columns)
        let (top, left) = rest.quotientAndRemainder(dividingBy: Lanes.scalarCount)
        return PatchLevel(
            place: PatchPlace(
                picture: pictures[place],
                shift: Shift(down: SameGround.reach - top, right: SameGround.reach - left)),
            sum: Int32(sums[column]), spread: spreads[column])
    }

    /// The least and the largest sum of bytes of the patches of the picture at `place`.
    func sums(of place: Int) -> ClosedRange<Float> {
        var (least, most) = (Lanes(repeating: .infinity), Lanes(repeating: -.infinity))
        sums.withUnsafeBytes { sums in
            for top in 0..<Self.places {
                let column = place * Self.columns + top * Lanes.scalarCount
                var sum = sums.loadUnaligned(fromByteOffset: 4 * column, as: Lanes.self)
                // The last one is of no patch.
                sum[Lanes.scalarCount - 1] = sum[0]
                least = pointwiseMin(least, sum)
                most = pointwiseMax(most, sum)
            }
        }
        return least.min()...most.max()
    }

    /// Computes the patches of a picture, which becomes the one at `place`.
    mutating func fill(_ place: Int, with picture: Int, of vectors: ModelVectors) {
        areas.add(up: picture, of: vectors)
        for top in 0..<Self.places {
            let column = place * Self.columns + top * Lanes.scalarCount
            let sum = fillBoxes(top: top, column: column)
            // Whole numbers that a Double holds.
            let whole = SIMD16<Double>(sum)
            let spread =
                Double(SameGround.patchLength) * areas.squares(top: top) - whole * whole
            scale(column: column, sum, spread)
            sums.withUnsafeMutableBytes {
                $0.storeBytes(of: sum, toByteOffset: 4 * column, as: Lanes.self)
            }
            spreads.withUnsafeMutableBytes {
                $0.storeBytes(of: spread, toByteOffset: 8 * column, as: SIMD16<Double>.self)
            }
        }
    }

    /// Writes the sums over the quarters of the patches with one top edge in place of their coordinates.
    /// - Returns: the sums over whole patches.
    private mutating func fillBoxes(top: Int, column: Int) -> Lanes {
        coordinates.withUnsafeMutableBytes { coordinates in
            var sum = Lanes.zero
            for row in 0..<Self.rows - 1 {
                let (quarter, colour) = (row / 3, row % 3)
                let box = areas.box(
                    colour, top: top + quarter / 2 * Self.quarter,
                    left: quarter % 2 * Self.quarter, side: Self.quarter)
                sum += box
                coordinates.storeBytes(
                    of: box, toByteOffset: 4 * (row * width + column), as: Lanes.self)
            }
            return sum
        }
    }

    /// Makes coordinates of sums over quarters.
    private mutating func scale(column: Int, _ sum: Lanes, _ spread: SIMD16<Double>) {
        let length = (Lanes(spread) / Float(SameGround.patchLength)).squareRoot()
        // A direction is 1 / side on side² numbers.
        var scale = 1 / (Float(Self.quarter) * length)
        var isEmpty = length .<= 0
        isEmpty[Lanes.scalarCount - 1] = true
        scale.replace(with: 0, where: isEmpty)
        let mean = sum / 12
        coordinates.withUnsafeMutableBytes { coordinates in
            var rest = Lanes(repeating: 1)
            for row in 0..<Self.rows - 1 {
                let place = 4 * (row * width + column)
                let box = coordinates.loadUnaligned(fromByteOffset: place, as: Lanes.self)
                let values = (box - mean) * scale
                rest -= values * values
                coordinates.storeBytes(of: values, toByteOffset: place, as: Lanes.self)
            }
            rest.replace(with: 0, where: rest .< 0)
            rest = (rest + Self.restError).squareRoot()
            rest.replace(with: 0, where: isEmpty)
            coordinates.storeBytes(
                of: rest, toByteOffset: 4 * ((Self.rows - 1) * width + column), as: Lanes.self)
        }
    }
}

/// Of a picture the sums of each colour and of all squares, over all pixels above and to the left.
private struct AreaSums {
    typealias Lanes = PatchQuarters.Lanes

    /// Numbers in a row: 29, rounded up so that 16 can be read from the last quarter on.
    private static let line = 32
    private static let count = (ModelVectors.side + 1) * line

    /// `(3, 29, 32)`: at most 784 · 255, which a Float holds.
    private var colours = [Float](repeating: 0, count: 3 * count)
    /// `(29, 32)`: at most 784 · 3 · 255².
    private var squares = [Double](repeating: 0, count: count)

    /// Adds up the pixels of a picture.
    mutating func add(up picture: Int, of vectors: ModelVectors) {
        let (side, line, count) = (ModelVectors.side, Self.line, Self.count)
        vectors.bytes.withUnsafeBufferPointer { bytes in
            colours.withUnsafeMutableBufferPointer { colours in
                squares.withUnsafeMutableBufferPointer { squares in
                    var pixel = picture * ModelVectors.length
                    for y in 1...side {
                        var (sums, square) = (SIMD3<Int32>.zero, Int32(0))
                        for x in 1...side {
                            let value = SIMD3<Int32>(
                                Int32(bytes[pixel]), Int32(bytes[pixel + 1]),
                                Int32(bytes[pixel + 2]))
                            sums &+= value
                            square &+= (value &* value).wrappedSum()
                            let place = y * line + x
                            for colour in 0..<3 {
                                let own = colour * count + place
                                colours[own] = colours[own - line] + Float(sums[colour])
                            }
                            squares[place] = squares[place - line] + Double(square)
                            pixel += 3
                        }
                    }
                }
            }
        }
    }

    /// The sums of one colour over 16 squares side by side.
    @inline(__always)
    func box(_ colour: Int, top: Int, left: Int, side: Int) -> Lanes {
        colours.withUnsafeBytes { sums in
            @inline(__always)
            func lanes(_ y: Int, _ x: Int) -> Lanes {
                sums.loadUnaligned(
                    fromByteOffset: 4 * (colour * Self.count + y * Self.line + x), as: Lanes.self)
            }
            return lanes(top + side, left + side) - lanes(top + side, left)
                - lanes(top, left + side) + lanes(top, left)
        }
    }

    /// The sums of squares over 16 patches side by side, from the left edge on.
    @inline(__always)
    func squares(top: Int) -> SIMD16<Double> {
        squares.withUnsafeBytes { sums in
            @inline(__always)
            func lanes(_ y: Int, _ x: Int) -> SIMD16<Double> {
                sums.loadUnaligned(
                    fromByteOffset: 8 * (y * Self.line + x), as: SIMD16<Double>.self)
            }
            let side = SameGround.patch
            return lanes(top + side, side) - lanes(top + side, 0) - lanes(top, side) + lanes(top, 0)
        }
    }
}

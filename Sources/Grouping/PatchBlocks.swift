import AtlasModel
import Kernels

/// The patches of some pictures, by rising sum of bytes. Even patches are left out.
struct SortedPatches: Sendable {
    let places: [Patches.Place]
    let sums: [Int32]
    let spreads: [Double]
    let codes: [UInt8]
    /// For each patch what its rounding can take from a product with a centre of `CentreBlock`.
    let slacks: [Int32]

    var count: Int { places.count }

    init(_ vectors: ModelVectors, _ pictures: Range<Int>, _ encoder: PatchEncoder) throws {
        var sums: [Int32] = []
        var codes: [UInt8] = []
        var errors: [Float] = []
        var spreads: [Double] = []
        for picture in pictures {
            let patches = Patches(allOf: picture, in: vectors)
            let coded = try encoder.codes(of: patches)
            sums += patches.sums
            codes += coded.bytes
            errors += coded.errors
            spreads += patches.spreads
        }
        let order = sums.indices.filter { spreads[$0] > 0 }.sorted {
            (sums[$0], $0) < (sums[$1], $1)
        }
        let shifts = SameGround.allShifts
        places = order.map {
            .init(
                picture: pictures.lowerBound + $0 / shifts.count, shift: shifts[$0 % shifts.count])
        }
        self.sums = order.map { sums[$0] }
        self.spreads = order.map { spreads[$0] }
        let length = PatchEncoder.length
        var sorted: [UInt8] = []
        sorted.reserveCapacity(order.count * length)
        for place in order { sorted += codes[place * length..<(place + 1) * length] }
        self.codes = sorted
        slacks = order.map {
            Int32((PatchEncoder.unit * errors[$0] * (1 + CentreBlock.largestError)).rounded(.up))
        }
    }
}

/// The central patches of some pictures.
struct CentreBlock: Sendable {
    let pictures: [Int]
    /// Sum of the bytes of each patch, rising.
    let sums: [Int32]
    /// As in `Patches`.
    let spreads: [Double]
    /// The patches, one `PatchBytes.length` after another.
    let bytes: [UInt8]
    /// The codes, as the right side of products.
    let rows: ByteRows
    /// The least product of a patch without rounding that may reach `SameGround.patchCorrelation`,
    /// padded to whole lanes.
    private let bars: [Int32]

    private typealias Lanes = SIMD16<Int32>
    /// Lanes that are looked at together.
    private static let run = 64
    /// Bound on the error of a code, that of 32 coordinates rounded to 1 / 127.
    static let largestError: Float = 0.5 * 5.66 / PatchEncoder.scale
    /// Numbers that have to follow the products, because lanes are read whole.
    static let room = run

    /// - Parameter pictures: with central patches that are not even, by rising sum of their bytes.
    init(_ vectors: ModelVectors, _ pictures: [Int], _ encoder: PatchEncoder) throws {
        let patches = Patches(of: vectors, pictures.map { .init(picture: $0, shift: .none) })
        let codes = try encoder.codes(of: patches)
        self.pictures = pictures
        sums = patches.sums
        spreads = patches.spreads
        var bytes = [UInt8](repeating: 0, count: pictures.count * PatchBytes.length)
        bytes.withUnsafeMutableBufferPointer { bytes in
            vectors.bytes.withUnsafeBufferPointer { vectors in
                guard let to = bytes.baseAddress, let from = vectors.baseAddress else { return }
                for (place, picture) in pictures.enumerated() {
                    PatchBytes.copy(
                        .init(picture: picture, shift: .none), of: from,
                        to: to + place * PatchBytes.length)
                }
            }
        }
        self.bytes = bytes
        rows = ByteRows(codes.bytes, length: PatchEncoder.length)
        let least = Float(SameGround.patchCorrelation) - PatchEncoder.productError
        var bars = pictures.indices.map { place -> Int32 in
            // A byte of the left side has 128 added, which adds 128 times the sum of the right side.
            let code = codes.bytes[place * PatchEncoder.length..<(place + 1) * PatchEncoder.length]
            let added = code.reduce(0) { $0 + 128 * (Int32($1) - 128) }
            return Int32((PatchEncoder.unit * (least - codes.errors[place])).rounded(.down)) + added
        }
        while bars.count % Self.run != 0 { bars.append(.max) }
        self.bars = bars
    }

    /// Calls `body` with row and column of every product that may be of two equal patches.
    /// - Parameters:
    ///   - products: `(slacks.count, pictures.count)`, and `room` more numbers.
    ///   - slacks: what each row may lack.
    func forEachCandidate(
        _ products: [Int32], slacks: ArraySlice<Int32>, _ body: (_ row: Int, _ column: Int) -> Void
    ) {
        let width = pictures.count
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

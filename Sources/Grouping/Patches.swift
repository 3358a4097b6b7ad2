import AtlasModel

/// Patches of pictures as numbers.
struct Patches: Sendable {
    /// Where a patch is.
    struct Place: Sendable {
        let picture: Int
        /// The patch lies over the centre of a picture against which its own picture is shifted so.
        let shift: Shift
    }

    /// `(count, 588)`: the bytes less their mean.
    let values: [Float]
    /// Sum of the bytes of each patch.
    let sums: [Int32]
    /// Σ of squares · 588 − (sum)² of each patch, whole numbers; 0 for an even patch.
    let spreads: [Double]

    /// Length of a row of `values`.
    func norm(_ row: Int) -> Float {
        (Float(spreads[row]) / Float(SameGround.patchLength)).squareRoot()
    }

    var count: Int { sums.count }

    init(of vectors: ModelVectors, _ places: [Place]) {
        let length = SameGround.patchLength
        var sums = [Int32](repeating: 0, count: places.count)
        var spreads = [Double](repeating: 0, count: places.count)
        values = [Float](unsafeUninitializedCapacity: places.count * length) { values, filled in
            vectors.bytes.withUnsafeBufferPointer { bytes in
                guard let bytes = bytes.baseAddress, let values = values.baseAddress else { return }
                for (row, place) in places.enumerated() {
                    (sums[row], spreads[row]) = Self.fill(
                        values + row * length,
                        from: bytes + place.picture * ModelVectors.length
                            + SameGround.offset(place.shift))
                }
            }
            filled = places.count * length
        }
        self.sums = sums
        self.spreads = spreads
    }

    /// All patches of a picture, in the order of `SameGround.allShifts`.
    init(allOf picture: Int, in vectors: ModelVectors) {
        self.init(
            of: vectors, SameGround.allShifts.map { Place(picture: picture, shift: $0) })
    }

    /// Writes a patch less its mean.
    private static func fill(
        _ patch: UnsafeMutablePointer<Float>, from first: UnsafePointer<UInt8>
    ) -> (sum: Int32, spread: Double) {
        let (width, step) = (SameGround.patch * 3, ModelVectors.side * 3)
        var (sum, squares): (Int32, Int32) = (0, 0)
        for row in 0..<SameGround.patch {
            let line = first + row * step
            for i in 0..<width {
                let value = Int32(line[i])
                sum &+= value
                squares &+= value &* value
            }
        }
        let mean = Float(sum) / Float(SameGround.patchLength)
        for row in 0..<SameGround.patch {
            let (line, target) = (first + row * step, patch + row * width)
            for i in 0..<width { target[i] = Float(line[i]) - mean }
        }
        let spread = SameGround.patchLength * Int(squares) - Int(sum) * Int(sum)
        return (sum, Double(spread))
    }
}

import AtlasModel

/// Where a patch is.
struct PatchPlace: Sendable, Equatable {
    let picture: Int
    /// The patch lies over the centre of a picture against which its own picture is shifted so.
    let shift: Shift
}

/// Bytes of pictures or of patches as numbers, one row each.
struct CentredRows: Sendable {
    /// Numbers of a row.
    let length: Int
    /// `(count, length)`: the bytes less their mean.
    let values: [Float]
    /// Sum of the bytes of each row.
    let sums: [Int32]
    /// nΣx² − (Σx)² of each row of n bytes, a whole number; 0 for an even row.
    let spreads: [Double]

    var count: Int { sums.count }

    /// Length of a row of `values` as a vector.
    func norm(_ row: Int) -> Float {
        (Float(spreads[row]) / Float(length)).squareRoot()
    }

    /// Patches of pictures.
    init(of vectors: ModelVectors, _ places: [PatchPlace]) {
        self.init(length: SameGround.patchLength, places, vectors) { place, vectors, row in
            PatchBytes.copy(place, of: vectors, to: row)
        }
    }

    /// Whole pictures, transformed by one of the eight symmetries.
    init(_ pictures: [Int], of vectors: ModelVectors, symmetry: Int) {
        let sources = ModelVectors.symmetrySources[symmetry]
        self.init(length: ModelVectors.length, pictures, vectors) { picture, vectors, row in
            let own = vectors + picture * ModelVectors.length
            for (place, source) in sources.enumerated() { row[place] = own[source] }
        }
    }

    /// - Parameter copy: copies the bytes of a row.
    private init<Place>(
        length: Int, _ places: [Place], _ vectors: ModelVectors,
        copy: (Place, UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
    ) {
        var sums = [Int32](repeating: 0, count: places.count)
        var spreads = [Double](repeating: 0, count: places.count)
        var bytes = [UInt8](repeating: 0, count: length)
        values = [Float](unsafeUninitializedCapacity: places.count * length) { values, filled in
            vectors.bytes.withUnsafeBufferPointer { vectors in
                bytes.withUnsafeMutableBufferPointer { bytes in
                    guard let vectors = vectors.baseAddress, let bytes = bytes.baseAddress,
                        let values = values.baseAddress
                    else { return }
                    for (row, place) in places.enumerated() {
                        copy(place, vectors, bytes)
                        (sums[row], spreads[row]) = Self.fill(
                            values + row * length, from: bytes, length)
                    }
                }
            }
            filled = places.count * length
        }
        self.length = length
        self.sums = sums
        self.spreads = spreads
    }

    /// Writes a row less its mean.
    private static func fill(
        _ row: UnsafeMutablePointer<Float>, from bytes: UnsafePointer<UInt8>, _ length: Int
    ) -> (sum: Int32, spread: Double) {
        // At most 2352 · 255², which 32 bits hold.
        var (sum, squares): (Int32, Int32) = (0, 0)
        for i in 0..<length {
            let value = Int32(bytes[i])
            sum &+= value
            squares &+= value &* value
        }
        let mean = Float(sum) / Float(length)
        for i in 0..<length { row[i] = Float(bytes[i]) - mean }
        return (sum, Double(length * Int(squares) - Int(sum) * Int(sum)))
    }
}

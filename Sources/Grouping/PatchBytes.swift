import AtlasModel

/// The bytes of a patch one after another, for products that the processor computes in whole lanes.
enum PatchBytes {
    /// 588, rounded up to whole lanes; the rest is 0.
    static let length = (SameGround.patchLength + 15) / 16 * 16

    /// Copies a patch.
    /// - Parameters:
    ///   - vectors: the bytes of all model vectors.
    ///   - target: `length` bytes, of which the last remain as they are.
    static func copy(
        _ place: PatchPlace, of vectors: UnsafePointer<UInt8>,
        to target: UnsafeMutablePointer<UInt8>
    ) {
        let (width, step) = (SameGround.patch * 3, ModelVectors.side * 3)
        let first =
            vectors + place.picture * ModelVectors.length + SameGround.offset(place.shift)
        for row in 0..<SameGround.patch {
            (target + row * width).update(from: first + row * step, count: width)
        }
    }

    private typealias Lanes = SIMD16<UInt8>

    /// Σxy of two patches, exact. In whole lanes: left to itself the compiler takes four bytes at a time.
    @inline(__always)
    static func product(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>) -> Int32 {
        let (one, other) = (UnsafeRawPointer(one), UnsafeRawPointer(other))
        var sums = SIMD16<UInt32>(repeating: 0)
        for i in stride(from: 0, to: length, by: Lanes.scalarCount) {
            let x = one.loadUnaligned(fromByteOffset: i, as: Lanes.self)
            let y = other.loadUnaligned(fromByteOffset: i, as: Lanes.self)
            // Two bytes are at most 65,025, which 16 bits hold.
            let products =
                SIMD16<UInt16>(truncatingIfNeeded: x)
                &* SIMD16<UInt16>(truncatingIfNeeded: y)
            sums &+= SIMD16<UInt32>(truncatingIfNeeded: products)
        }
        return Int32(sums.wrappedSum())
    }
}

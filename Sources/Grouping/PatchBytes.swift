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

    /// Σxy of two patches, exact.
    @inline(__always)
    static func product(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>) -> Int32 {
        var sum: Int32 = 0
        for i in 0..<length { sum &+= Int32(one[i]) &* Int32(other[i]) }
        return sum
    }
}

package import AtlasModel
package import Parallel

/// What a picture looks like apart from its arrangement: colours and texture, as histograms that stay
/// the same when the picture is turned by quarter turns or mirrored.
///
/// Three kinds of histograms are computed from the picture at up to 256 pixels:
///
/// - `colour`: hue, saturation and value in 8 × 4 × 4 bins.
/// - `patterns`: uniform rotation-invariant local binary patterns at 8, 16 and 24 points on circles of
///   1, 2 and 3 pixels (T. Ojala, M. Pietikäinen and T. Mäenpää 2002, IEEE TPAMI 24:971–987).
/// - `features`: basic image features at scales of 1, 2, 4 and 8 pixels, each together with that of the
///   next scale (M. Crosier and L. D. Griffin 2010, IJCV 88:447–460, who count all four together).
///
/// Each histogram is divided by its sum, and the square root is taken of each bin. So its length is 1,
/// and the product of two is their Bhattacharyya coefficient.
package enum TextureDescriptor {
    /// Raised when the same picture gets another descriptor.
    package static let revision = 2
    /// The three kinds in a descriptor. Texture weighs three times as much as colour, because colours
    /// of photographs depend on the light.
    package static let parts: [TextureVectors.Part] = [
        .init(0..<128, weight: 1), .init(128..<182, weight: 1), .init(182..<329, weight: 2),
    ]
    /// Number of values.
    package static let width = 329
    /// Longest side in pixels of the picture that is described.
    package static let side = 256

    /// The size in which a picture is described: its own, or with the longer side 256.
    package static func request(memory: MemoryBudget?) -> PictureRequest {
        PictureRequest(margin: 2, memory: memory) { width, height in
            let longest = max(width, height)
            guard longest > side else { return (width, height) }
            return (max(1, width * side / longest), max(1, height * side / longest))
        }
    }

    /// The descriptor of a picture: `width` values from 0 to 1. A picture too small for a circle or
    /// a scale has zeros in that histogram.
    package static func values(of picture: Picture) -> [Float] {
        let grey = GreyPicture(picture)
        let histograms =
            [ColourHistogram.counts(picture)] + LocalPatterns.counts(grey)
            + BasicImageFeatures.counts(grey)
        return histograms.flatMap(rooted)
    }

    /// The square roots of shares; zeros for an empty histogram.
    private static func rooted(_ counts: [Int]) -> [Float] {
        let sum = counts.reduce(0, +)
        return counts.map { sum == 0 ? 0 : Float((Double($0) / Double(sum)).squareRoot()) }
    }
}

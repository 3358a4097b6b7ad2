import AtlasModel

/// Turns descriptors of textures into vectors that are compared by their cosine.
///
/// From each value the mean over the collection is subtracted, so that what all pictures have in common
/// does not count. Then each part is scaled to the square root of its weight. So the cosine of two
/// vectors is the weighted mean of the cosines of their parts.
struct TextureSpace: Sendable {
    /// Mean of each value over the collection.
    private let means: [Double]
    private let parts: [TextureVectors.Part]

    /// Length below which a part says nothing and becomes zero: it is no more than rounding errors of
    /// the means.
    private static let least = 1e-6

    init(_ collection: TextureVectors) {
        let features = collection.features
        var sums = [Double](repeating: 0, count: features.width)
        for row in 0..<features.count {
            for column in 0..<features.width {
                sums[column] += Double(features.values[row * features.width + column])
            }
        }
        means = sums.map { $0 / Double(max(1, features.count)) }
        parts = collection.parts
    }

    func vectors(of textures: TextureVectors) -> FeatureVectors {
        let features = textures.features
        var values = [Float](repeating: 0, count: features.values.count)
        for row in 0..<features.count {
            for part in parts {
                let start = row * features.width
                let centred = part.range.map { Double(features.values[start + $0]) - means[$0] }
                let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
                guard length > Self.least else { continue }
                let scale = Double(part.weight).squareRoot() / length
                for (column, value) in zip(part.range, centred) {
                    values[start + column] = Float(value * scale)
                }
            }
        }
        return FeatureVectors(values: values, width: features.width)
    }
}

package import AtlasModel

/// The numbers by which pictures are laid out at first: what a network computes, a descriptor of texture,
/// or pixels.
package struct PlaneFeatures: Sendable {
    package let count: Int
    /// Number of values of one picture.
    package let width: Int
    let row: @Sendable (_ index: Int) -> [Float]

    package init(_ features: FeatureVectors) {
        let width = features.width
        (count, self.width) = (features.count, width)
        row = { Array(features.values[$0 * width..<($0 + 1) * width]) }
    }

    /// Pixels, from 0 to 255.
    package init(_ vectors: ModelVectors) {
        (count, width) = (vectors.count, ModelVectors.length)
        row = { vectors[$0].map(Float.init) }
    }
}

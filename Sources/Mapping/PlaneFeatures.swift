package import AtlasModel

/// The numbers by which pictures are laid out at first: what a network computes, a descriptor of texture,
/// or pixels.
package struct PlaneFeatures: Sendable {
    package let count: Int
    /// Number of values of one picture.
    package let width: Int
    let row: @Sendable (_ index: Int) -> [Float]
    /// Whether rows are compared by their correlation, as pixels are, and not by the cosine.
    private let isCorrelated: Bool

    package init(_ features: FeatureVectors) {
        let width = features.width
        (count, self.width, isCorrelated) = (features.count, width, false)
        row = { Array(features.values[$0 * width..<($0 + 1) * width]) }
    }

    /// The rows of some pictures.
    package func selecting(_ indices: [Int]) -> PlaneFeatures {
        PlaneFeatures(count: indices.count, width: width, isCorrelated: isCorrelated) { [row] in
            row(indices[$0])
        }
    }

    private init(
        count: Int, width: Int, isCorrelated: Bool,
        row: @escaping @Sendable (_ index: Int) -> [Float]
    ) {
        (self.count, self.width, self.isCorrelated) = (count, width, isCorrelated)
        self.row = row
    }

    /// Pixels, from 0 to 255.
    package init(_ vectors: ModelVectors) {
        (count, width, isCorrelated) = (vectors.count, ModelVectors.length, true)
        row = { vectors[$0].map(Float.init) }
    }

    /// The row of a picture in length 1, less its mean if rows are compared by their correlation: products of
    /// such rows are the likeness. A row without length is all zeros.
    @Sendable func unit(_ index: Int) -> [Float] {
        let row = self.row(index).map(Double.init)
        let mean = isCorrelated ? row.reduce(0, +) / Double(max(1, width)) : 0
        let length = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
        return row.map { length > 0 ? Float(($0 - mean) / length) : 0 }
    }
}

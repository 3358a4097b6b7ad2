/// The embedding of pictures: the input of the network's last dense layer, `(count, width) float32`,
/// row-major.
package struct FeatureVectors: Sendable, Equatable {
    /// All rows, one after another; `count * width` values.
    package let values: [Float]
    /// Number of values of one picture.
    package let width: Int

    /// - Precondition: `values.count` is a multiple of `width`.
    package init(values: [Float], width: Int) {
        precondition(width > 0 && values.count % width == 0, "features are \(width) values each")
        self.values = values
        self.width = width
    }

    package var count: Int { values.count / width }
}

extension FeatureVectors {
    /// The rows at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> FeatureVectors {
        FeatureVectors(
            values: indices.flatMap { values[$0 * width..<($0 + 1) * width] }, width: width)
    }
}

/// Descriptors of the texture of pictures, one row for each.
package struct TextureVectors: Sendable, Equatable {
    package let features: FeatureVectors
    /// The kinds of histograms in a row. Each is compared by itself.
    package let parts: [Part]

    /// A range of values, and the weight of its comparison.
    package struct Part: Sendable, Equatable {
        package let range: Range<Int>
        package let weight: Float

        package init(_ range: Range<Int>, weight: Float) {
            self.range = range
            self.weight = weight
        }
    }

    package init(_ features: FeatureVectors, parts: [Part]) {
        self.features = features
        self.parts = parts
    }

    /// The rows at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> TextureVectors {
        TextureVectors(features.selecting(indices), parts: parts)
    }
}

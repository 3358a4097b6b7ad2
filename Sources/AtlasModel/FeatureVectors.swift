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

/// A label that is contradicted by a network that was not trained on the picture.
package struct DisputedLabel: Sendable, Equatable {
    /// Index of the picture.
    package let index: Int
    package let label: Int
    package let predicted: Int
    /// Probability of the predicted type minus probability of the label.
    package let margin: Double

    package init(index: Int, label: Int, predicted: Int, margin: Double) {
        self.index = index
        self.label = label
        self.predicted = predicted
        self.margin = margin
    }
}

/// A label that is contradicted by a network that was not trained on the picture.
public struct DisputedLabel: Sendable, Equatable {
    /// Index of the picture.
    public let index: Int
    public let label: Int
    public let predicted: Int
    /// How much more probable the predicted type is than the label.
    public let margin: Double

    public init(index: Int, label: Int, predicted: Int, margin: Double) {
        self.index = index
        self.label = label
        self.predicted = predicted
        self.margin = margin
    }
}

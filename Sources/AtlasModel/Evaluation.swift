/// How well predictions meet labels, on labelled pictures only.
public struct Evaluation: Sendable, Equatable {
    public let classes: [String]
    /// `confusion[true][predicted]` counts pictures.
    public let confusion: [[Int]]
    /// Mean cross-entropy in nats.
    public let loss: Double

    public init(classes: [String], confusion: [[Int]], loss: Double) {
        self.classes = classes
        self.confusion = confusion
        self.loss = loss
    }
}

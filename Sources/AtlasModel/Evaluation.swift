/// How well predictions agree with labels. Only labelled pictures are counted.
package struct Evaluation: Sendable, Equatable {
    package let classes: [String]
    /// `confusion[true][predicted]` counts pictures.
    package let confusion: [[Int]]
    /// Mean cross-entropy in nats.
    package let loss: Double

    package init(classes: [String], confusion: [[Int]], loss: Double) {
        self.classes = classes
        self.confusion = confusion
        self.loss = loss
    }
}

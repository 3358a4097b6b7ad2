/// The probabilities that a network gives the rock types for one picture.
package struct Prediction: Sendable, Equatable {
    /// Softmax of one forward pass, one value per rock type in class order; sums to 1.
    package let probabilities: [Float]

    package init(probabilities: [Float]) {
        precondition(!probabilities.isEmpty, "a prediction has at least one class")
        self.probabilities = probabilities
    }

    /// Index of the most probable class; the first one if several are equally probable.
    package var predicted: Int {
        probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }

    /// Probability of the predicted class.
    package var confidence: Float { probabilities[predicted] }

    /// The difference of the two highest probabilities: 0 if they are equal; 1 for a certain
    /// prediction and for a single class.
    package var margin: Float {
        let best = predicted
        let next = probabilities.indices.filter { $0 != best }.map { probabilities[$0] }.max()
        return confidence - (next ?? 0)
    }
}

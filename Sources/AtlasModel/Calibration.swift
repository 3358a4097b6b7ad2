/// How well the confidence of predictions agrees with their accuracy: a reliability diagram in numbers.
package struct Calibration: Sendable, Equatable {
    /// The pictures whose confidence (the probability of the predicted type) is in one of equally
    /// wide ranges.
    package struct Bin: Sendable, Equatable {
        /// Mean probability of the predicted type; 0 without pictures.
        package let confidence: Double
        /// Number of pictures in the bin, and number of those that are predicted as labelled.
        package let accuracy: Proportion

        package init(confidence: Double, accuracy: Proportion) {
            self.confidence = confidence
            self.accuracy = accuracy
        }
    }

    /// From the lowest probabilities to the highest. Bin m of M is for confidences in (m/M, (m +
    /// 1)/M].
    package let bins: [Bin]
    /// Mean cross-entropy in nats.
    package let loss: Double

    package init(bins: [Bin], loss: Double) {
        self.bins = bins
        self.loss = loss
    }
}

/// The probabilities of a network on test pictures before and after calibration.
package struct CalibrationSummary: Sendable, Equatable {
    /// The temperature that divides the network's scores. It is fitted on the dev set; 1 if it was
    /// not fitted.
    package let temperature: Double
    package let before: Calibration
    package let after: Calibration

    package init(temperature: Double, before: Calibration, after: Calibration) {
        self.temperature = temperature
        self.before = before
        self.after = after
    }

    /// Whether a temperature was fitted. The file of another program has none.
    package var isFitted: Bool { temperature != 1 }
}

/// What predictions say of the labels, by confident learning: C. G. Northcutt, L. Jiang and I. L.
/// Chuang (2021), "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70:1373–1411.
///
/// The threshold of a type is the mean probability of that type over the pictures with its label. A
/// picture counts for the most probable of the types whose threshold it reaches. If that is not its
/// label, the label is disputed. Disputed labels are ranked by the margin of the two probabilities.
package struct LabelEvidence: Sendable, Equatable {
    /// Indices of the labelled pictures that were judged, ascending.
    package let judged: [Int]
    /// For each type; `nil` without a picture that was judged.
    package let thresholds: [Double?]
    /// The confident joint: `joint[label][type]` counts pictures that reach the threshold of `type`.
    package let joint: [[Int]]
    /// The largest margin first, in key order where equal.
    package let disputed: [DisputedLabel]
    /// Disputed labels that a geologist has confirmed; they are left out of `disputed`.
    package let confirmed: Int

    package init(
        judged: [Int], thresholds: [Double?], joint: [[Int]], disputed: [DisputedLabel],
        confirmed: Int
    ) {
        self.judged = judged
        self.thresholds = thresholds
        self.joint = joint
        self.disputed = disputed
        self.confirmed = confirmed
    }
}

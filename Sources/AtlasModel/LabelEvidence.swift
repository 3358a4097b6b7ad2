/// What predictions say about the labels, by confident learning: C. G. Northcutt, L. Jiang and I.
/// L. Chuang (2021), "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR
/// 70:1373–1411.
///
/// The threshold of a type is the mean probability of that type over the pictures with its label. A
/// picture is counted for the most probable of the types whose threshold it reaches. If that type
/// is not its label, the label is disputed. Disputed labels are ranked by the margin of the two
/// probabilities.
package struct LabelEvidence: Sendable, Equatable {
    /// Indices of the labelled pictures that were examined, ascending.
    package let judged: [Int]
    /// One for each type; `nil` when no picture with its label was examined.
    package let thresholds: [Double?]
    /// The confident joint: `joint[label][type]` counts pictures that reach the threshold of `type`.
    package let joint: [[Int]]
    /// Largest margin first; equal margins in key order.
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

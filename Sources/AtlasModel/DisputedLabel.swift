/// A label that a network contradicts which has not learned from the picture.
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

/// What predictions say of the labels, by confident learning: C. G. Northcutt, L. Jiang and I. L.
/// Chuang (2021), "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70:1373–1411.
///
/// The threshold of a type is the mean probability of that type over the pictures labelled so. A
/// picture counts for the most probable of the types whose threshold it reaches; where that is not
/// its label, the label is disputed. They are ranked by the margin of the two probabilities.
public struct LabelEvidence: Sendable, Equatable {
    /// Indices of the labelled pictures that were judged, ascending.
    public let judged: [Int]
    /// For each type; `nil` without a picture that was judged.
    public let thresholds: [Double?]
    /// The confident joint: `joint[label][type]` counts pictures that reach the threshold of `type`.
    public let joint: [[Int]]
    /// The largest margin first, in key order where equal.
    public let disputed: [DisputedLabel]
    /// Disputed labels that a geologist has confirmed; they are left out of `disputed`.
    public let confirmed: Int

    /// Evidence of nothing.
    public static func none(types: Int) -> LabelEvidence {
        LabelEvidence(
            predictions: [], labels: [], judged: [], confirmed: [], types: types)
    }

    /// - Parameters:
    ///   - predictions: one for each picture; those judged by a network that has not seen the picture.
    ///   - labels: of each picture.
    ///   - judged: indices of labelled pictures, ascending.
    ///   - confirmed: indices of pictures whose label a geologist has confirmed.
    public init(
        predictions: [Prediction], labels: [Int?], judged: [Int], confirmed: Set<Int>, types: Int
    ) {
        var sums = [Double](repeating: 0, count: types)
        var counts = [Int](repeating: 0, count: types)
        let known = judged.compactMap { index in labels[index].map { (index: index, label: $0) } }
        for (index, label) in known {
            sums[label] += Double(predictions[index].probabilities[label])
            counts[label] += 1
        }
        let thresholds = zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) }
        var joint = [[Int]](repeating: [Int](repeating: 0, count: types), count: types)
        var found: [DisputedLabel] = []
        for (index, label) in known {
            let probabilities = predictions[index].probabilities.map(Double.init)
            let reached = (0..<types).filter { type in
                thresholds[type].map { probabilities[type] >= $0 } ?? false
            }
            guard let type = reached.max(by: { (probabilities[$0], $1) < (probabilities[$1], $0) })
            else { continue }
            joint[label][type] += 1
            // The type that the pages call predicted has to be the one the evidence is for.
            let margin = probabilities[type] - probabilities[label]
            guard margin > 0, type == predictions[index].predicted else { continue }
            found.append(
                DisputedLabel(index: index, label: label, predicted: type, margin: margin))
        }
        self.judged = judged
        self.thresholds = thresholds
        self.joint = joint
        let open = found.filter { !confirmed.contains($0.index) }
        self.confirmed = found.count - open.count
        disputed = open.sorted { ($1.margin, $0.index) < ($0.margin, $1.index) }
    }
}

/// A picture whose label a geologist has set in `content/labels.csv`.
public struct LabelCorrection: Sendable, Equatable {
    public let key: String
    /// The folder's label; `nil` when the folder is no rock type.
    public let folder: Int?
    public let label: Int
    public let reason: String

    public init(key: String, folder: Int?, label: Int, reason: String) {
        self.key = key
        self.folder = folder
        self.label = label
        self.reason = reason
    }

    /// Whether it confirms the folder's label.
    public var confirms: Bool { folder == label }
}

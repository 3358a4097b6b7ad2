package import AtlasModel

extension LabelEvidence {
    /// The evidence when no picture was examined.
    package static func none(types: Int) -> LabelEvidence {
        LabelEvidence(
            predictions: [], labels: [], judged: [], confirmed: [], types: types)
    }

    /// The threshold of a type is the mean probability of that type over the pictures with its
    /// label. A picture is counted for the most probable of the types whose threshold it reaches;
    /// of equally probable ones, the first. The label is disputed if that type is not the label but
    /// is the predicted type.
    ///
    ///     let rows: [[Float]] = [[1, 0], [0.25, 0.75], [0.5, 0.5]]
    ///     let evidence = LabelEvidence(
    ///         predictions: rows.map { Prediction(probabilities: $0) }, labels: [0, 0, 1],
    ///         judged: [0, 1, 2], confirmed: [], types: 2)
    ///     evidence.thresholds  // [0.625, 0.5]
    ///     evidence.disputed    // picture 1: label 0, predicted 1, margin 0.5
    ///
    /// - Parameters:
    ///   - predictions: one for each picture. Those of `judged` come from a network that was not
    ///     trained on the picture.
    ///   - labels: of each picture.
    ///   - judged: indices of labelled pictures, ascending.
    ///   - confirmed: indices of pictures whose label a geologist has confirmed.
    package init(
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
            // The disputed type must be the type that the pages show as predicted.
            let margin = probabilities[type] - probabilities[label]
            guard margin > 0, type == predictions[index].predicted else { continue }
            found.append(
                DisputedLabel(index: index, label: label, predicted: type, margin: margin))
        }
        let open = found.filter { !confirmed.contains($0.index) }
        self.init(
            judged: judged, thresholds: thresholds, joint: joint,
            disputed: open.sorted { ($1.margin, $0.index) < ($0.margin, $1.index) },
            confirmed: found.count - open.count)
    }
}

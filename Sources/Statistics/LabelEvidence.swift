public import AtlasModel

extension LabelEvidence {
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
        let open = found.filter { !confirmed.contains($0.index) }
        self.init(
            judged: judged, thresholds: thresholds, joint: joint,
            disputed: open.sorted { ($1.margin, $0.index) < ($0.margin, $1.index) },
            confirmed: found.count - open.count)
    }
}

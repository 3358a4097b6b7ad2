import AtlasModel
import Statistics
import Testing

@Suite("What predictions say of labels")
struct LabelEvidenceTests {
    private static func predictions(_ rows: [[Float]]) -> [Prediction] {
        rows.map { Prediction(probabilities: $0) }
    }

    /// Six pictures of two types. Thresholds computed by hand: (0.75 + 0.75 + 0.25) / 3 = 0.583 for
    /// the first type, (0.875 + 0.5 + 0.125) / 3 = 0.5 for the second.
    private static let rows: [[Float]] = [
        [0.75, 0.25], [0.75, 0.25], [0.25, 0.75], [0.125, 0.875], [0.5, 0.5], [0.875, 0.125],
    ]
    private static let labels: [Int?] = [0, 0, 0, 1, 1, 1]

    private func evidence(judged: [Int], confirmed: Set<Int> = []) -> LabelEvidence {
        LabelEvidence(
            predictions: Self.predictions(Self.rows), labels: Self.labels, judged: judged,
            confirmed: confirmed, types: 2)
    }

    @Test("Thresholds, joint and rank follow from the definition")
    func definition() {
        let evidence = evidence(judged: Array(0..<6))
        #expect(evidence.thresholds == [1.75 / 3, 0.5])
        #expect(evidence.joint == [[2, 1], [1, 2]])
        #expect(
            evidence.disputed == [
                DisputedLabel(index: 5, label: 1, predicted: 0, margin: 0.75),
                DisputedLabel(index: 2, label: 0, predicted: 1, margin: 0.5),
            ])
    }

    @Test("Pictures that were not judged count for nothing")
    func unjudged() {
        let evidence = evidence(judged: [0, 2, 3])
        #expect(evidence.thresholds == [0.5, 0.875])
        // 0.75 does not reach the threshold of the second type, so the label of picture 2 is not
        // disputed.
        #expect(evidence.disputed == [])
        #expect(evidence.joint == [[1, 0], [0, 1]])
        #expect(LabelEvidence.none(types: 2).thresholds == [nil, nil])
    }

    @Test("A label that a geologist has confirmed is not disputed again")
    func confirmed() {
        let evidence = evidence(judged: Array(0..<6), confirmed: [5, 0])
        #expect(evidence.disputed.map(\.index) == [2])
        #expect(evidence.confirmed == 1)
    }

    @Test("A type above its threshold that the network does not predict disputes nothing")
    func unpredicted() {
        // The threshold of the third type is low. The network predicts the first type, below its
        // threshold.
        let evidence = LabelEvidence(
            predictions: Self.predictions([
                [0.5, 0.125, 0.375], [1, 0, 0], [0, 1, 0], [0.625, 0.125, 0.25],
            ]), labels: [1, 0, 1, 2], judged: [0, 1, 2, 3], confirmed: [], types: 3)
        #expect(evidence.thresholds == [1, 0.5625, 0.25])
        #expect(evidence.joint[1] == [0, 1, 1])
        #expect(evidence.disputed == [])
    }

    @Test("Equal margins stay in key order")
    func ties() {
        let evidence = LabelEvidence(
            predictions: Self.predictions([[1, 0], [0.25, 0.75], [0.25, 0.75], [0.5, 0.5]]),
            labels: [0, 0, 0, 1], judged: [0, 1, 2, 3], confirmed: [], types: 2)
        #expect(evidence.disputed.map(\.index) == [1, 2])
    }
}

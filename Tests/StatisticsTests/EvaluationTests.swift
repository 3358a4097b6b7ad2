import AtlasModel
import Statistics
import Testing

@Suite struct EvaluationTests {
    // Class 0: three pictures, one of them predicted as class 1. Class 1: one picture, predicted
    // correctly. Class 2: none.
    static let evaluation = Evaluation(
        classes: ["a", "b", "c"],
        predictions: [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.9, 0.1, 0], [0, 1, 0]].map {
            Prediction(probabilities: $0)
        }, labels: [0, 0, 0, 1])

    @Test("Confusion, accuracy and loss are those worked by hand")
    func counts() throws {
        let found = Self.evaluation
        #expect(found.confusion == [[2, 1, 0], [0, 1, 0], [0, 0, 0]])
        #expect(found.accuracy == 0.75)
        // −(ln 0.5 + ln 0.1 + ln 0.9 + ln 1) / 4.
        #expect(abs(found.loss - 0.7752732) < 1e-6)
        let scores = found.perClass
        #expect(scores.map(\.precision) == [1, 0.5, 0])
        #expect(scores.map(\.support) == [3, 1, 0])
        #expect(abs(scores[0].recall - 2.0 / 3) < 1e-15)
        #expect(abs(scores[0].f1 - 0.8) < 1e-15)
        #expect(scores[2].f1 == 0)
    }

    @Test(
        "Intervals are Wilson's",
        // R. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
        // Medicine 17 (1998), table I, method 3.
        arguments: [
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ])
    func wilson(count: Int, total: Int, low: Double, high: Double) {
        let interval = Proportion(count, of: total).interval
        #expect(abs(interval.lowerBound - low) < 5e-5)
        #expect(abs(interval.upperBound - high) < 5e-5)
    }

    @Test("Nothing counted is no share, and nothing is excluded")
    func nothing() {
        let none = Proportion(0, of: 0)
        #expect(none.share == nil)
        #expect(none.interval == 0...1)
    }
}

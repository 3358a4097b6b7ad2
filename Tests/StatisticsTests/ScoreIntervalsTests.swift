import AtlasModel
import Statistics
import Testing

@Suite("Intervals of scores")
struct ScoreIntervalTests {
    private let evaluation = Evaluation(
        classes: ["a", "b", "c"], confusion: [[8, 2, 0], [0, 10, 0], [1, 0, 9]], loss: 0)

    /// Wilson's interval of 8/11 and 10/12 by SciPy's `binomtest`, with both ends inserted into
    /// 2J/(1 + J).
    @Test(
        "The interval of F1 is Wilson's of the overlap",
        arguments: [
            (0, 16.0 / 19, 0.605644753253890, 0.948773416972835),
            (1, 20.0 / 22, 0.711314580067376, 0.975952737353408),
        ])
    func f1(index: Int, f1: Double, low: Double, high: Double) throws {
        let scores = ScoreIntervals(evaluation, class: index)
        #expect(abs(try #require(scores.f1) - f1) < 1e-12)
        #expect(abs(scores.f1Interval.lowerBound - low) < 1e-12)
        #expect(abs(scores.f1Interval.upperBound - high) < 1e-12)
    }

    @Test("Precision counts what is predicted so, recall what is labelled so")
    func shares() {
        let scores = ScoreIntervals(evaluation, class: 0)
        #expect(scores.precision == Proportion(8, of: 9))
        #expect(scores.recall == Proportion(8, of: 10))
    }

    @Test("A type that was neither predicted nor labelled has no F1")
    func nothing() {
        let empty = Evaluation(classes: ["a", "b"], confusion: [[3, 0], [0, 0]], loss: 0)
        #expect(ScoreIntervals(empty, class: 1).f1 == nil)
        #expect(ScoreIntervals(empty, class: 1).f1Interval == 0...1)
    }
}

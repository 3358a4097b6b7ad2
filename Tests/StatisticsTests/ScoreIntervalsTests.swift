import AtlasModel
import Statistics
import Testing

@Suite("Intervals of scores")
struct ScoreIntervalTests {
    private func pictures(_ rows: [[Int]], groups: (Int) -> Int) -> [JudgedPicture] {
        var pictures: [JudgedPicture] = []
        for (label, row) in rows.enumerated() {
            for (predicted, count) in row.enumerated() {
                for _ in 0..<count {
                    pictures.append(
                        JudgedPicture(
                            group: groups(pictures.count), label: label, predicted: predicted))
                }
            }
        }
        return pictures
    }

    private var alone: [JudgedPicture] {
        pictures([[8, 2, 0], [0, 10, 0], [1, 0, 9]]) { $0 }
    }

    @Test("Precision counts what is predicted so, recall what is labelled so")
    func shares() throws {
        let scores = ScoreIntervals(alone, class: 0)
        #expect((scores.precision.count, scores.precision.total) == (8, 9))
        #expect((scores.recall.count, scores.recall.total) == (8, 10))
        #expect(abs(try #require(scores.f1) - 16.0 / 19) < 1e-12)
    }

    /// Shares and errors by statsmodels 0.14 (`OLS(…).fit(cov_type="cluster")`), intervals by its
    /// `proportion_confint(method="wilson")` for that many independent pictures.
    @Test("Intervals count groups")
    func groups() throws {
        let labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0]
        let predicted = [0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1]
        let groups = [0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5, 6]
        let scores = ScoreIntervals(
            labels.indices.map {
                JudgedPicture(group: groups[$0], label: labels[$0], predicted: predicted[$0])
            }, class: 0)
        #expect(abs(try #require(scores.precision.standardError) - 0.18702786922892742) < 1e-12)
        #expect(abs(scores.precision.interval.lowerBound - 0.3609355723397019) < 1e-9)
        #expect(abs(scores.precision.interval.upperBound - 0.9779076021263731) < 1e-9)
        #expect(abs(try #require(scores.recall.standardError) - 0.15982775679552014) < 1e-12)
        #expect(abs(scores.f1Interval.lowerBound - 0.4683043085166471) < 1e-9)
        #expect(abs(scores.f1Interval.upperBound - 0.9265524159991702) < 1e-9)
    }

    @Test("A type that was neither predicted nor labelled has no F1")
    func nothing() {
        let scores = ScoreIntervals(pictures([[3, 0], [0, 0]]) { $0 }, class: 1)
        #expect(scores.f1 == nil)
        #expect(scores.f1Interval == 0...1)
    }
}

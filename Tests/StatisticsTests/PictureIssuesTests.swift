import AtlasModel
import Testing

@testable import Statistics

/// The thresholds of CleanVision 0.3.7, tested on either side of each.
@Suite struct PictureIssuesTests {
    private func measures(
        dimmest: Double = 0.2, brightest: Double = 0.9, entropy: Double = 7, edges: Double = 60,
        greys: Double = 5
    ) -> PictureMeasures {
        PictureMeasures(
            dimmest: dimmest, brightest: brightest, entropy: entropy, edges: edges, greys: greys)
    }

    private func issues(_ measures: PictureMeasures, _ width: Int = 28, _ height: Int = 28)
        -> [PictureIssue]
    {
        // Sizes from 20 to 100, so that no size is odd.
        let sizes = [(width, height), (20, 20), (100, 100), (60, 60)]
        return PictureIssue.found(Array(repeating: measures, count: 4), sizes: sizes)[0]
    }

    @Test func `A picture is dark, light, flat or blurred beyond the thresholds`() {
        #expect(issues(measures()) == [])
        #expect(issues(measures(brightest: 0.3199)) == [.dark])
        #expect(issues(measures(brightest: 0.32)) == [])
        #expect(issues(measures(dimmest: 0.9501, brightest: 1)) == [.light])
        #expect(issues(measures(dimmest: 0.9499, brightest: 1)) == [])
        #expect(issues(measures(entropy: 2.999)) == [.flat])
        #expect(issues(measures(entropy: 3.001)) == [])
        // 1 − exp(−34.24 / 100) is 0.2900 (worked with a calculator: ln 0.71 is −0.34249).
        #expect(issues(measures(edges: 34.24)) == [.blurred])
        #expect(issues(measures(edges: 34.26)) == [])
        // Counts of greys that differ much tell of a drawing: 1 − exp(−20 / 100) is 0.181, more than
        // 0.18, and counts in full.
        #expect(issues(measures(edges: 20, greys: 20)) == [])
        #expect(issues(measures(edges: 20, greys: 19)) == [.blurred])
    }

    @Test func `A picture of odd shape is narrower than 0.35 of its length`() {
        #expect(issues(measures(), 34, 100) == [.oddShape])
        #expect(issues(measures(), 100, 34) == [.oddShape])
        #expect(issues(measures(), 35, 100) == [])
    }

    @Test func `A size is odd beyond three interquartile ranges of all sizes`() {
        // Quartiles of 10, 20, 30, 40 and one more: with 130, 20 and 40; 40 + 3 · 20 = 100.
        func odd(_ last: Int) -> [Bool] {
            let sizes = [10, 20, 30, 40, last].map { (width: $0, height: $0) }
            return PictureIssue.found(Array(repeating: measures(), count: 5), sizes: sizes)
                .map { $0.contains(.oddSize) }
        }
        #expect(odd(100) == [false, false, false, false, false])
        #expect(odd(101) == [false, false, false, false, true])
        #expect(PictureIssue.found([], sizes: []).isEmpty)
    }
}

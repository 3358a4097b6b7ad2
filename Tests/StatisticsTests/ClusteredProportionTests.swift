import AtlasModel
import Statistics
import Testing

@Suite struct ClusteredProportionTests {
    /// By statsmodels 0.14: `OLS(y, 1).fit(cov_type="cluster", cov_kwds={"groups": …}).bse`.
    @Test(
        arguments: [
            ([(3, 3), (0, 3), (2, 3), (1, 2), (3, 3), (3, 3), (0, 1)], 0.16494307673935038),
            (
                [(40, 50), (1, 1), (0, 1), (9, 10), (2, 2), (3, 5), (1, 1)],
                0.026186146828319098
            ),
        ] as [([(count: Int, total: Int)], Double)])
    func `The error of a share is robust to clusters`(
        clusters: [(count: Int, total: Int)], error: Double
    ) throws {
        let share = ClusteredProportion(clusters)
        #expect(share.clusters == 7)
        #expect(abs(try #require(share.standardError) - error) < 1e-13)
    }

    @Test func `Where no cluster has two things, the interval is nearly that of single things`() {
        let things = (0..<100).map { (cluster: $0, counts: $0 < 80) }
        // Wilson's interval of 80 of 100 by SciPy 1.17, `binomtest(80, 100).proportion_ci`.
        let interval = ClusteredProportion(things).interval
        #expect(abs(interval.lowerBound - 0.7111708344068411) < 1e-3)
        #expect(abs(interval.upperBound - 0.8666330667100719) < 1e-3)
    }

    @Test func `One large cluster counts for little, however many things it has`() {
        // Kish: (200 + 5)² / (200² + 5) = 1.05 independent things.
        let things =
            [(count: 200, total: 200)]
            + [(count: Int, total: Int)](
                repeating: (1, 1), count: 5)
        let interval = ClusteredProportion(things).interval
        #expect(interval.lowerBound < 0.3 && interval.upperBound == 1)
    }

    @Test func `One cluster, or none, has no error, and the interval says so`() {
        let one = ClusteredProportion([(count: 3, total: 4)])
        #expect(one.standardError == nil)
        #expect(one.interval.upperBound - one.interval.lowerBound > 0.7)
        let none = ClusteredProportion([(count: 0, total: 0)])
        #expect(none.share == nil && none.interval == 0...1 && none.clusters == 0)
    }

    @Test func `The difference of two shares of the same things has a robust interval`() throws {
        let first = [1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1]
        let second = [1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]
        let clusters = [0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 5, 6]
        let paired = PairedDifference(
            clusters.indices.map { (clusters[$0], first[$0] == 1, second[$0] == 1) })
        // By statsmodels 0.14, as above, with `conf_int()`.
        #expect(abs(paired.difference - 1.0 / 6) < 1e-15)
        let interval = try #require(paired.interval)
        #expect(abs(interval.lowerBound - -0.20525286) < 1e-8)
        #expect(abs(interval.upperBound - 0.53858619) < 1e-8)
        #expect(PairedDifference([]).difference == 0)
        #expect(PairedDifference([(0, true, false), (0, true, true)]).interval == nil)
    }
}

import Statistics
import Testing

@Suite("The exact sign test")
struct SignTestTests {
    /// `scipy.stats.binomtest(count, total).pvalue`.
    @Test(
        "The probability is SciPy's",
        arguments: [
            (21, 30, 0.04277394525706769), (32, 44, 0.003657766827927844),
            (9, 30, 0.04277394525706769), (5, 10, 1.0), (0, 0, 1.0), (7, 7, 0.015625),
        ])
    func pValue(count: Int, total: Int, expected: Double) {
        #expect(abs(SignTest(count, of: total).pValue - expected) < 1e-12)
    }

    /// ISO 5495:2005/Amd 1:2016: 21 of 30 is the least significant number at 5 %, two-sided.
    @Test("The worked examples of ISO 5495 are significant, one answer less is not")
    func iso() {
        #expect(SignTest(21, of: 30).pValue <= 0.05 && SignTest(20, of: 30).pValue > 0.05)
        #expect(SignTest(32, of: 44).pValue <= 0.05)
    }

    @Test(
        "The numbers of answers are those of the design",
        arguments: [(0.6, 210), (0.65, 97), (0.7, 54)])
    func answers(share: Double, expected: Int) {
        #expect(SignTest.answers(toDetect: share) == expected)
        #expect(SignTest.power(of: expected - 1, share: share) < 0.8)
        #expect(
            (expected..<expected + 100).allSatisfy { SignTest.power(of: $0, share: share) >= 0.8 })
    }

    @Test("The smallest share that is detected has 80 % power, one step less has not")
    func detectable() throws {
        let share = try #require(SignTest.detectable(with: 210))
        #expect(share <= 0.6)
        #expect(SignTest.power(of: 210, share: share) >= 0.8)
        #expect(SignTest.power(of: 210, share: share - 0.001) < 0.8)
        #expect(SignTest.detectable(with: 5) == nil)
    }
}

import RandomNumbers
import Testing

@Suite struct SplitMix64Tests {
    /// The first numbers for the seed 1234567, published with the authors' reference code in C (S.
    /// Vigna, "splitmix64.c", 2015).
    @Test("Numbers are those of the reference code")
    func reference() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("A unit number is the upper 53 bits as a share")
    func unit() {
        var random = SplitMix64(seed: 1_234_567)
        // 6457827717110365317 / 2^64, cut to 53 bits.
        #expect(abs(random.unit() - 0.350_079_542_021_408_2) < 1e-12)
        #expect((0..<1_000).allSatisfy { _ in (0..<1).contains(random.unit()) })
    }

    @Test("Whole numbers below a bound are all drawn, and none else")
    func below() {
        var random = SplitMix64(seed: 3)
        #expect(Set((0..<200).map { _ in random.below(6) }) == Set(0..<6))
        #expect(random.below(1) == 0)
    }
}

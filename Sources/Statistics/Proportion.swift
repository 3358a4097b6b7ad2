package import AtlasModel

extension Proportion {
    /// `count` of `total` as a number from 0 to 1; `nil` when the total is 0.
    ///
    ///     Proportion(1, of: 4).share  // 0.25
    package var share: Double? { total == 0 ? nil : Double(count) / Double(total) }

    /// The 95 % score interval of E. B. Wilson (1927), "Probable inference, the law of succession,
    /// and statistical inference", JASA 22:209–212; 0…1 when the total is 0.
    ///
    ///     Proportion(81, of: 263).interval  // 0.2553…0.3662 (Newcombe 1998, table I)
    package var interval: ClosedRange<Double> {
        guard let share else { return 0...1 }
        return Self.interval(of: share, among: Double(total))
    }

    /// The 97.5 % quantile of the normal distribution.
    static let normalQuantile = 1.959963984540054

    /// Wilson's interval of a share of `n` independent observations; `n` may have a fraction.
    static func interval(
        of share: Double, among n: Double, quantile z: Double = normalQuantile
    ) -> ClosedRange<Double> {
        let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * ((share * (1 - share) + z * z / (4 * n)) / n).squareRoot()
        let low = share == 0 ? 0 : centre - half
        let high = share == 1 ? 1 : centre + half
        return low...max(low, high)
    }
}

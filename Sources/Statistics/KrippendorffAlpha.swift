/// Krippendorff's alpha for nominal values: agreement beyond that of chance.
///
/// K. Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section D: values may be
/// missing, and a unit with fewer than two values is left out.
package struct KrippendorffAlpha: Sendable, Equatable {
    /// Number of values in units that have two or more.
    package let values: Int
    /// Number of these units.
    package let units: Int
    /// 1 for perfect agreement, 0 for that of chance; `nil` without two values that could differ.
    package let alpha: Double?

    ///     KrippendorffAlpha([["A", "A"], ["B", "B"], ["A", "B"]]).alpha  // 0.444…
    ///
    /// - Parameter units: the values given to each unit, in any order.
    package init<Value: Hashable>(_ units: [[Value]]) {
        let compared = units.filter { $0.count > 1 }
        var totals: [Value: Int] = [:]
        // Pairs of different values, by the number of values of their unit: whole numbers, so that the
        // order of the units does not matter.
        var different: [Int: Int] = [:]
        for unit in compared {
            let counts = Dictionary(unit.map { ($0, 1) }, uniquingKeysWith: +)
            for (value, count) in counts { totals[value, default: 0] += count }
            let pairs = unit.count * unit.count - counts.values.reduce(0) { $0 + $1 * $1 }
            different[unit.count, default: 0] += pairs
        }
        let disagreement = different.sorted { $0.key < $1.key }
            .reduce(0) { $0 + Double($1.value) / Double($1.key - 1) }
        let all = totals.values.reduce(0, +)
        values = all
        self.units = compared.count
        let expected = all * all - totals.values.reduce(0) { $0 + $1 * $1 }
        alpha = expected == 0 ? nil : 1 - Double(all - 1) * disagreement / Double(expected)
    }
}

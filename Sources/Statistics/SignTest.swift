import Foundation

/// The exact sign test: are two answers equally probable? It is also the paired comparison test of
/// ISO 5495:2005 with its Amendment 1:2016.
package struct SignTest: Sendable, Equatable {
    /// Number of answers of the first kind, and of both kinds.
    package let count: Int
    package let total: Int

    package init(_ count: Int, of total: Int) {
        precondition((0...max(0, total)).contains(count), "a part of the answers")
        self.count = count
        self.total = total
    }

    /// Two-sided: the probability, if both answers are equally probable, of a division at least as
    /// uneven; 1 without answers.
    ///
    ///     SignTest(21, of: 30).pValue  // 0.0428
    package var pValue: Double {
        min(1, 2 * Binomial(total, 0.5).atLeast(max(count, total - count)))
    }

    /// The probability that the test with a level of 5 % finds a difference, if the first answer has
    /// probability `share`. Divisions against the true direction count too; they are rare.
    package static func power(of total: Int, share: Double) -> Double {
        let least = critical(total)
        guard least <= total else { return 0 }
        let truth = Binomial(total, share)
        return truth.atLeast(least) + truth.atMost(total - least)
    }

    /// The smallest number from which on the test with a level of 5 % always has a power of 80 %.
    ///
    /// The power does not rise steadily with the number, because answers are whole: 199 answers have
    /// 80 % for a share of 0.6, 209 have not, and from 210 on all have.
    ///
    ///     SignTest.answers(toDetect: 0.6)   // 210
    ///     SignTest.answers(toDetect: 0.65)  // 97
    ///     SignTest.answers(toDetect: 0.7)   // 54
    ///
    /// - Parameter share: above 0.5, at most 0.99.
    package static func answers(toDetect share: Double) -> Int {
        precondition(share > 0.5 && share <= 0.99, "a share that differs from one half")
        // The exact number is at most a quarter and a few answers above the approximate one.
        let limit = Int(1.25 * approximation(share)) + 20
        let last = (1...limit).last { power(of: $0, share: share) < 0.8 } ?? 0
        return last + 1
    }

    /// The number by the normal approximation, for a sentence; `nil` for a share below 0.51, for which it
    /// is too large to be of use.
    package static func roughAnswers(toDetect share: Double) -> Double? {
        share < 0.51 ? nil : approximation(share)
    }

    /// (z₀.₉₇₅ + z₀.₈)² / 4 / (share − ½)².
    private static func approximation(_ share: Double) -> Double {
        1.9622 / ((share - 0.5) * (share - 0.5))
    }

    /// The smallest share, in steps of 0.001, that `total` answers can detect with a power of 80 %;
    /// `nil` when they cannot detect 0.99.
    package static func detectable(with total: Int) -> Double? {
        // The power rises with the share, so the first one is found by halving.
        var (low, high) = (500, 991)
        while low + 1 < high {
            let middle = (low + high) / 2
            if power(of: total, share: Double(middle) / 1000) >= 0.8 {
                high = middle
            } else {
                low = middle
            }
        }
        return high == 991 ? nil : Double(high) / 1000
    }

    /// The smallest count that is significant at 5 %, two-sided; above `total` when none is.
    private static func critical(_ total: Int) -> Int {
        let fair = Binomial(total, 0.5)
        var tail = 0.0
        var least = total + 1
        while least > total / 2, 2 * (tail + fair.probability(of: least - 1)) <= 0.05 {
            least -= 1
            tail += fair.probability(of: least)
        }
        return least
    }
}

/// The number of successes of `total` independent trials, each with probability `share`.
struct Binomial {
    let total: Int
    let share: Double

    init(_ total: Int, _ share: Double) {
        self.total = total
        self.share = share
    }

    /// 0 for a count outside 0...total.
    func probability(of count: Int) -> Double {
        guard (0...total).contains(count) else { return 0 }
        guard share > 0, share < 1 else { return count == (share == 0 ? 0 : total) ? 1 : 0 }
        let (successes, failures) = (Double(count), Double(total - count))
        let ways = lgamma(Double(total) + 1) - lgamma(successes + 1) - lgamma(failures + 1)
        return exp(ways + successes * log(share) + failures * log1p(-share))
    }

    func atLeast(_ count: Int) -> Double {
        count > total ? 0 : (max(0, count)...total).reduce(0) { $0 + probability(of: $1) }
    }

    func atMost(_ count: Int) -> Double {
        count < 0 ? 0 : (0...min(total, count)).reduce(0) { $0 + probability(of: $1) }
    }
}

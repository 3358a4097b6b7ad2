import Foundation

/// A confidence sequence for the mean of values from 0 to 1: it may be looked at after every value,
/// and all its intervals together err with a probability of at most 5 %.
///
/// It is the hedged capital of I. Waudby-Smith and A. Ramdas (2024), "Estimating means of bounded random
/// variables by betting", JRSS B 86, theorem 3: somebody bets on each next value that the mean is above
/// m, somebody else that it is below. The stakes depend only on earlier values. A mean m at which one
/// of the two has become twenty times as rich as both were is left out. Stakes are those of the
/// package `confseq` by the first author (`betting_mart`).
package struct BettingSequence: Sendable {
    /// Probability of an error, ever.
    package static let error = 0.05

    private let values: [Double]
    /// The stake on each value before it is limited by m.
    private let stakes: [Double]

    /// - Parameter values: in the order in which they came. The expectation of each, given those before
    ///   it, must be the same.
    package init(_ values: [Double]) {
        self.values = values
        var (sum, squares) = (0.0, 0.0)
        var variance = 0.25
        var stakes: [Double] = []
        for (index, value) in values.enumerated() {
            let t = Double(index + 1)
            stakes.append((2 * log(2 / Self.error) / (t * log(1 + t) * variance)).squareRoot())
            // One more observation of mean ½ and variance ¼ is added.
            sum += value
            let mean = min(1, (0.5 + sum) / (t + 1))
            squares += (value - mean) * (value - mean)
            variance = (0.25 + squares) / (t + 1)
        }
        self.stakes = stakes
    }

    /// The larger of the two capitals, if the mean is `m`; both begin with ½.
    package func capital(_ m: Double) -> Double {
        let (above, below) = capitals(m)
        return max(above, below) / 2
    }

    private func capitals(_ m: Double) -> (above: Double, below: Double) {
        var (above, below) = (1.0, 1.0)
        for (value, stake) in zip(values, stakes) {
            above *= 1 + min(stake, 0.5 / m) * (value - m)
            below *= 1 - min(stake, 0.5 / (1 - m)) * (value - m)
        }
        return (above, below)
    }

    /// The means that the values so far do not exclude; 0...1 without values.
    ///
    /// The capital of who bets on a larger mean falls with m, the other one rises, so each end is found
    /// by halving.
    package var interval: ClosedRange<Double> {
        let limit = 2 / Self.error
        func end(_ isOut: (Double) -> Bool, from out: Double, to inside: Double) -> Double {
            var (out, inside) = (out, inside)
            for _ in 0..<50 {
                let middle = (out + inside) / 2
                if isOut(middle) { out = middle } else { inside = middle }
            }
            return out
        }
        let low = end({ capitals($0).above >= limit }, from: 0, to: 1)
        let high = end({ capitals($0).below >= limit }, from: 1, to: 0)
        return low <= high ? low...high : high...low
    }
}

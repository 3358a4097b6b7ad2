import Foundation

/// Strengths of several models from comparisons of two that may be tied: R. R. Davidson (1970), "On
/// extending the Bradley-Terry model to accommodate ties in paired comparison experiments", JASA 65.
/// Of i and j, i wins with a probability proportional to πᵢ, j to πⱼ, and a tie to ν √(πᵢ πⱼ).
package struct Davidson: Sendable, Equatable {
    /// log πᵢ, with sum 0.
    package let strengths: [Double]
    /// Standard errors of `strengths`, as if the answers were independent.
    package let standardErrors: [Double]
    /// ν; 0 without ties.
    package let tie: Double

    /// Answers on one pair.
    package struct Pair: Sendable {
        package let first: Int
        package let second: Int
        package let wins: Int
        package let losses: Int
        package let ties: Int

        package init(first: Int, second: Int, wins: Int, losses: Int, ties: Int) {
            self.first = first
            self.second = second
            self.wins = wins
            self.losses = losses
            self.ties = ties
        }
    }

    /// Fits by Newton's method with halved steps; the likelihood has one maximum.
    /// - Parameters:
    ///   - pairs: each of two different models.
    ///   - models: number of models, at least two.
    /// - Returns: `nil` when there is no maximum: some models have never lost, or tied with, the
    ///   others.
    package init?(_ pairs: [Pair], models: Int) {
        let hasTies = pairs.contains { $0.ties > 0 }
        // The last strength is minus the sum of the others; then comes log ν.
        let free = models - 1
        let size = free + (hasTies ? 1 : 0)
        guard free > 0, Self.isConnected(pairs, models) else { return nil }
        func expanded(_ x: [Double]) -> (strengths: [Double], tie: Double) {
            let own = Array(x.prefix(free))
            return (own + [-own.reduce(0, +)], hasTies ? exp(x[free]) : 0)
        }
        func likelihood(_ x: [Double]) -> Double {
            let (strengths, _) = expanded(x)
            return pairs.reduce(0) { sum, pair in
                let terms = Self.terms(
                    strengths[pair.first], strengths[pair.second], hasTies ? x[free] : nil)
                return sum + Double(pair.wins) * terms.win + Double(pair.losses) * terms.loss
                    + (pair.ties > 0 ? Double(pair.ties) * terms.tie : 0)
            }
        }
        /// The derivatives of log πᵢ by the free parameters.
        func direction(_ model: Int) -> [Double] {
            var vector = [Double](repeating: model < free ? 0 : -1, count: size)
            if model < free { vector[model] = 1 }
            if hasTies { vector[free] = 0 }
            return vector
        }
        var x = [Double](repeating: 0, count: size)
        var covariance: [[Double]] = []
        for _ in 0..<200 {
            let (strengths, _) = expanded(x)
            var gradient = [Double](repeating: 0, count: size)
            var information = SmallMatrix.zero(size)
            for pair in pairs {
                let terms = Self.terms(
                    strengths[pair.first], strengths[pair.second], hasTies ? x[free] : nil)
                let (left, right) = (direction(pair.first), direction(pair.second))
                var tied = zip(left, right).map { ($0 + $1) / 2 }
                if hasTies { tied[free] += 1 }
                let vectors = [left, right, tied]
                let p = [exp(terms.win), exp(terms.loss), hasTies ? exp(terms.tie) : 0]
                let counts = [Double(pair.wins), Double(pair.losses), Double(pair.ties)]
                let total = counts.reduce(0, +)
                let mean = (0..<size).map { index in
                    (0..<3).reduce(0) { $0 + p[$1] * vectors[$1][index] }
                }
                for (outcome, vector) in vectors.enumerated() {
                    let difference = zip(vector, mean).map(-)
                    for index in 0..<size { gradient[index] += counts[outcome] * difference[index] }
                    SmallMatrix.add(difference, weight: total * p[outcome], to: &information)
                }
            }
            guard let inverse = SmallMatrix.inverse(information) else { return nil }
            covariance = inverse
            let step = SmallMatrix.product(inverse, gradient)
            guard step.contains(where: { $0.magnitude > 1e-12 }) else { break }
            var scale = 1.0
            let before = likelihood(x)
            func moved() -> [Double] { zip(x, step).map { $0 + scale * $1 } }
            while likelihood(moved()) < before, scale > 1e-6 { scale /= 2 }
            x = moved()
        }
        (strengths, tie) = expanded(x)
        let matrix = covariance
        standardErrors = (0..<models).map { model in
            let vector = direction(model)
            let product = SmallMatrix.product(matrix, vector)
            return zip(vector, product).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
        }
    }

    /// Logarithms of the probabilities of the three outcomes.
    private static func terms(_ first: Double, _ second: Double, _ tie: Double?) -> (
        win: Double, loss: Double, tie: Double
    ) {
        let middle = tie.map { $0 + (first + second) / 2 } ?? -.infinity
        let top = max(first, second, middle)
        let sum = top + log(exp(first - top) + exp(second - top) + exp(middle - top))
        return (first - sum, second - sum, middle - sum)
    }

    /// Whether from every model every other can be reached by going from a loser to a winner, or
    /// between tied ones: L. R. Ford (1957), American Mathematical Monthly 64.
    private static func isConnected(_ pairs: [Pair], _ models: Int) -> Bool {
        func reached(_ edges: [(from: Int, to: Int)]) -> Bool {
            var seen: Set<Int> = [0]
            var open = [0]
            while let model = open.popLast() {
                for edge in edges where edge.from == model && seen.insert(edge.to).inserted {
                    open.append(edge.to)
                }
            }
            return seen.count == models
        }
        let edges = pairs.flatMap { pair in
            (pair.losses + pair.ties > 0 ? [(from: pair.first, to: pair.second)] : [])
                + (pair.wins + pair.ties > 0 ? [(from: pair.second, to: pair.first)] : [])
        }
        return reached(edges) && reached(edges.map { (from: $0.to, to: $0.from) })
    }
}

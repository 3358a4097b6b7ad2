import Foundation

/// Logistic regression of answers on a few covariates. Its standard errors take answers of one reviewer
/// and answers on one candidate as dependent.
package struct LogisticRegression: Sendable, Equatable {
    /// The intercept, then one for each covariate.
    package let coefficients: [Double]
    package let standardErrors: [Double]
    package let count: Int

    /// One answer.
    package struct Answer: Sendable {
        package let isSuccess: Bool
        package let covariates: [Double]
        package let reviewer: Int
        package let candidate: Int

        package init(isSuccess: Bool, covariates: [Double], reviewer: Int, candidate: Int) {
            self.isSuccess = isSuccess
            self.covariates = covariates
            self.reviewer = reviewer
            self.candidate = candidate
        }
    }

    /// Fits by Newton's method. The variance is the sandwich of A. C. Cameron, J. B. Gelbach and D. L.
    /// Miller (2011), V(candidates) + V(reviewers) − V(answers), each with the correction
    /// G / (G − 1) · (n − 1) / (n − k).
    ///
    /// - Parameter answers: with equally many covariates.
    /// - Returns: `nil` when there are not ten answers for each coefficient, when there are fewer than
    ///   two reviewers or candidates, when a covariate separates the answers or is constant, or when a
    ///   variance is not positive.
    package init?(_ answers: [Answer]) {
        guard let first = answers.first else { return nil }
        let size = first.covariates.count + 1
        guard answers.count >= 10 * size, Set(answers.map(\.reviewer)).count > 1,
            Set(answers.map(\.candidate)).count > 1
        else { return nil }
        let rows = answers.map { [1] + $0.covariates }
        var beta = [Double](repeating: 0, count: size)
        var bread: [[Double]] = []
        var scores: [[Double]] = []
        var steps = 0
        var change = Double.infinity
        while change > 1e-12 {
            steps += 1
            guard steps <= 50 else { return nil }
            var information = SmallMatrix.zero(size)
            scores = zip(answers, rows).map { answer, row in
                let p = Self.probability(zip(row, beta).reduce(0) { $0 + $1.0 * $1.1 })
                SmallMatrix.add(row, weight: p * (1 - p), to: &information)
                return row.map { $0 * ((answer.isSuccess ? 1 : 0) - p) }
            }
            guard let inverse = SmallMatrix.inverse(information) else { return nil }
            bread = inverse
            let step = SmallMatrix.product(inverse, Self.sum(scores, size))
            beta = zip(beta, step).map(+)
            change = step.map(\.magnitude).max() ?? 0
            // Coefficients grow without end when a covariate separates the answers.
            guard beta.allSatisfy({ $0.magnitude < 30 }) else { return nil }
        }
        func meat(_ group: (Int) -> Int) -> [[Double]] {
            let groups = Dictionary(grouping: answers.indices, by: group)
            var meat = SmallMatrix.zero(size)
            let (g, n) = (Double(groups.count), Double(answers.count))
            let correction = g / (g - 1) * (n - 1) / (n - Double(size))
            for (_, members) in groups.sorted(by: { $0.key < $1.key }) {
                SmallMatrix.add(
                    Self.sum(members.map { scores[$0] }, size), weight: correction, to: &meat)
            }
            return meat
        }
        var middle = meat { answers[$0].candidate }
        let (reviewers, single) = (meat { answers[$0].reviewer }, meat { $0 })
        for row in 0..<size {
            for column in 0..<size {
                middle[row][column] += reviewers[row][column] - single[row][column]
            }
        }
        let variance = SmallMatrix.product(SmallMatrix.product(bread, middle), bread)
        let diagonal = (0..<size).map { variance[$0][$0] }
        guard diagonal.allSatisfy({ $0 > 0 }) else { return nil }
        coefficients = beta
        standardErrors = diagonal.map { $0.squareRoot() }
        count = answers.count
    }

    /// 1 / (1 + e⁻ˣ).
    package static func probability(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static func sum(_ vectors: [[Double]], _ size: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: size)
        for vector in vectors { for index in 0..<size { sum[index] += vector[index] } }
        return sum
    }
}

import Foundation
import RandomNumbers
import Statistics

/// Trials of known truth: the log odds of an answer are those of the centre, plus a normal effect of
/// the candidate with standard deviation 1, plus one of the reviewer with 0.5.
enum SimulatedTrial {
    /// Four reviewers and 50 candidates, all with each other.
    static func answers(centre: Double, using random: inout SplitMix64) -> [ClusteredShare.Answer] {
        let candidates = (0..<50).map { _ in normal(&random) }
        let reviewers = (0..<4).map { _ in normal(&random) / 2 }
        return candidates.indices.flatMap { candidate in
            reviewers.indices.map { reviewer in
                let p = LogisticRegression.probability(
                    centre + candidates[candidate] + reviewers[reviewer])
                return .init(
                    isSuccess: random.unit() < p, reviewer: reviewer, candidate: candidate)
            }
        }
    }

    /// The share of successes over all candidates and reviewers: the integral over the sum of the two
    /// effects, whose variance is 1.25, by the trapezoidal rule.
    static func share(centre: Double) -> Double {
        let deviation = 1.25.squareRoot()
        let step = 0.01
        return stride(from: -8.0, through: 8, by: step).reduce(0) { sum, z in
            let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            return sum + step * density * LogisticRegression.probability(centre + deviation * z)
        }
    }

    /// The method of G. E. P. Box and M. E. Muller (1958).
    private static func normal(_ random: inout SplitMix64) -> Double {
        let radius = (-2 * log(1 - random.unit())).squareRoot()
        return radius * cos(2 * Double.pi * random.unit())
    }
}

import Foundation

/// Student's t distribution; its degrees of freedom may have a fraction.
package struct StudentT: Sendable {
    /// Above 0; infinite for the normal distribution.
    package let degrees: Double

    package init(degrees: Double) {
        precondition(degrees > 0, "degrees of freedom are positive")
        self.degrees = degrees
    }

    /// The probability of a value of at most −`t`, plus that of one of at least `t`.
    package func twoTails(_ t: Double) -> Double {
        let t = t.magnitude
        guard degrees < 1e8 else { return erfc(t / 2.0.squareRoot()) }
        return incompleteBeta(degrees / (degrees + t * t), a: degrees / 2, b: 0.5)
    }

    /// The t with `twoTails(t)` = `tails`, by halving.
    ///
    ///     StudentT(degrees: 3).quantile(tails: 0.05)  // 3.1824
    ///
    /// - Parameter tails: between 0 and 1.
    package func quantile(tails: Double) -> Double {
        precondition(tails > 0 && tails < 1, "a probability between 0 and 1")
        var (low, high) = (0.0, 1.0)
        while twoTails(high) > tails { high *= 2 }
        while high - low > 1e-14 * high {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if twoTails(middle) > tails { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

/// The regularised incomplete beta function Iₓ(a, b), by the continued fraction of DLMF 8.17.22 with
/// the algorithm of W. J. Lentz (1976), "Generating Bessel functions in Mie scattering calculations
/// using continued fractions", Applied Optics 15.
func incompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let ends = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    // The fraction converges fast only on this side of the mean.
    return x < (a + 1) / (a + b + 2)
        ? ends * betaFraction(x, a, b) / a : 1 - ends * betaFraction(1 - x, b, a) / b
}

private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var fraction = d
    for m in 1...10_000 {
        let m = Double(m)
        let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / kept(1 + even * d)
        c = kept(1 + even / c)
        fraction *= d * c
        let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / kept(1 + odd * d)
        c = kept(1 + odd / c)
        fraction *= d * c
        if (d * c - 1).magnitude < 1e-16 { break }
    }
    return fraction
}

import Foundation

extension Recipe {
    /// The learning rate of a step: it rises linearly to `rate` during the warm-up, then falls to zero
    /// as half a cosine does (I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm
    /// restarts", ICLR 2017, equation 5, without restarts; warm-up by P. Goyal et al., 2017).
    ///
    /// With the rate 0.003 and a warm-up of one tenth, step 5 of 100 has 0.0015, step 10 has 0.003,
    /// step 55 has 0.0015 and step 100 has 0. The warm-up takes one step at least.
    ///
    /// - Parameters:
    ///   - step: from 1.
    ///   - steps: of the whole training.
    func rate(atStep step: Int, of steps: Int) -> Float {
        let total = Double(steps)
        let warm = max(1, warmUp * total)
        let at = Double(step)
        if at <= warm { return rate * Float(at / warm) }
        return rate * Float(0.5 * (1 + cos(.pi * (at - warm) / max(1, total - warm))))
    }
}

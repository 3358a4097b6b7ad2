import Foundation

/// The discrete Fourier transform of eight rows of complex numbers at once.
///
/// By the self-sorting algorithm of Stockham (C. Van Loan, "Computational Frameworks for the Fast Fourier
/// Transform", 1992, section 1.7).
struct FourierTransform: Sendable {
    /// Eight rows: one lane each.
    typealias Lanes = SIMD8<Float>

    /// Number of values of a row, a power of two.
    let length: Int
    /// cos and −sin of 2πk / length for the first half of all k.
    private let cosines: [Float]
    private let sines: [Float]

    init(length: Int) {
        precondition(length > 1 && length & (length - 1) == 0, "a power of two")
        self.length = length
        let angles = (0..<length / 2).map { 2 * Double.pi * Double($0) / Double(length) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(-sin($0)) }
    }

    /// Replaces `values` by X(k) = Σ x(j) exp(−2πi jk / length).
    ///
    /// For Σ x(j) exp(+2πi jk / length), exchange real and imaginary parts before and after.
    /// - Parameters:
    ///   - values: `(length, 2)`: real and imaginary part of each value in turn.
    ///   - scratch: as large.
    func transform(
        _ values: UnsafeMutablePointer<Lanes>, scratch: UnsafeMutablePointer<Lanes>
    ) {
        var (from, to) = (values, scratch)
        var (rest, stride) = (length, 1)
        while rest > 1 {
            let half = rest / 2
            for p in 0..<half {
                let (c, s) = (cosines[p * stride], sines[p * stride])
                var left = from + 2 * stride * p
                var right = from + 2 * stride * (p + half)
                var sum = to + 4 * stride * p
                var difference = sum + 2 * stride
                for _ in 0..<stride {
                    let (re, im) = (left[0] - right[0], left[1] - right[1])
                    sum[0] = left[0] + right[0]
                    sum[1] = left[1] + right[1]
                    difference[0] = re * c - im * s
                    difference[1] = re * s + im * c
                    left += 2
                    right += 2
                    sum += 2
                    difference += 2
                }
            }
            (from, to) = (to, from)
            rest = half
            stride *= 2
        }
        if from != values { values.update(from: from, count: 2 * length) }
    }
}

import Parallel
import RandomNumbers
import Testing

@testable import Mapping

/// Expected values: the sums over all pairs, in double precision.
@Suite struct RepulsionFieldTests {
    /// Points that fill a square of some width unevenly.
    private static func points(_ count: Int, width: Float) -> [SIMD2<Float>] {
        var random = SplitMix64(seed: 5)
        return (0..<count).map { _ in
            let x = Float.random(in: 0..<1, using: &random)
            let y = Float.random(in: 0..<1, using: &random)
            return SIMD2(x * x, y) * width
        }
    }

    private static func exact(_ points: [SIMD2<Float>], at index: Int) -> (
        potential: Double, gradient: SIMD2<Double>
    ) {
        var (potential, gradient) = (0.0, SIMD2<Double>.zero)
        for other in points {
            let way = SIMD2<Double>(points[index] - other)
            let kernel = 1 / (1 + (way * way).sum())
            potential += kernel
            gradient -= way * (2 * kernel * kernel)
        }
        return (potential, gradient)
    }

    // Alone, a point has a field of 1, which splines through points that are half a unit apart miss by less than
    // a sixth. Among many points such errors even out. The last grid is coarser.
    @Test(arguments: [(Float(0.02), 0.05), (12, 0.05), (90, 0.15), (180, 0.25)])
    func `The field is the sum over all points`(width: Float, error: Double) throws {
        let points = Self.points(400, width: width)
        var field = RepulsionField(workers: Workers(2))
        let samples = try field.samples(points)
        for index in points.indices {
            let expected = Self.exact(points, at: index)
            let sample = samples[index]
            #expect(abs(Double(sample.potential) - expected.potential) < error * expected.potential)
            let off = SIMD2<Double>(sample.gradient) - expected.gradient
            // The kernel's steepest slope is 0.65.
            #expect((off * off).sum().squareRoot() < error * max(1, expected.potential))
        }
    }

    @Test func `No points have no field`() throws {
        var field = RepulsionField(workers: Workers(2))
        #expect(try field.samples([]).isEmpty)
    }

    @Test func `The transform is that of the definition`() {
        var random = SplitMix64(seed: 1)
        let length = 16
        let transform = FourierTransform(length: length)
        let start = (0..<2 * length).map { _ in
            SIMD8<Float>((0..<8).map { _ in Float.random(in: -1..<1, using: &random) })
        }
        var values = start
        var scratch = start
        values.withUnsafeMutableBufferPointer { values in
            scratch.withUnsafeMutableBufferPointer { scratch in
                guard let values = values.baseAddress, let scratch = scratch.baseAddress else {
                    return
                }
                transform.transform(values, scratch: scratch)
            }
        }
        for k in 0..<length {
            var (re, im) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
            for j in 0..<length {
                let turn = Turn(part: j * k % length, of: length)
                let (a, b) = (SIMD8<Double>(start[2 * j]), SIMD8<Double>(start[2 * j + 1]))
                re += a * turn.cosine + b * turn.sine
                im += b * turn.cosine - a * turn.sine
            }
            for lane in 0..<8 {
                #expect(abs(Double(values[2 * k][lane]) - re[lane]) < 1e-5)
                #expect(abs(Double(values[2 * k + 1][lane]) - im[lane]) < 1e-5)
            }
        }
    }
}

/// Cosine and sine of a part of a full turn in sixteenths, from a table.
private struct Turn {
    let cosine: Double
    let sine: Double

    init(part: Int, of length: Int) {
        precondition(length == 16, "the table has sixteen parts")
        let table = [0, 0.3826834323650898, 0.7071067811865476, 0.9238795325112867, 1]
        let full = (0..<16).map { step -> Double in
            let rise = step % 8 <= 4 ? table[step % 8] : table[8 - step % 8]
            return step < 8 ? rise : -rise
        }
        sine = full[part]
        cosine = full[(part + 4) % 16]
    }
}

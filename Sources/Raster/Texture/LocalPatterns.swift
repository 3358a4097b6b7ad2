import Foundation

/// Uniform rotation-invariant local binary patterns: around each pixel, points on a circle are
/// compared with it. A pattern with at most two changes around the circle is counted by its number of
/// points that are not darker, all others together.
enum LocalPatterns {
    /// Number of points and radius in pixels of each circle.
    private static let circles: [(points: Int, radius: Double)] = [(8, 1), (16, 2), (24, 3)]

    /// One histogram of `points + 2` bins for each circle. Pixels whose circle leaves the picture are
    /// not counted.
    static func counts(_ grey: GreyPicture) -> [[Int]] {
        circles.map { counts(grey, points: $0.points, radius: $0.radius) }
    }

    /// A point of a circle: the pixel above and left of it, and the weights of that pixel, of the one
    /// to the right, of the one below, and of the one below to the right.
    private struct Sample {
        let offset: Int
        let weights: (Float, Float, Float, Float)
    }

    private static func samples(_ points: Int, radius: Double, stride: Int) -> [Sample] {
        (0..<points).map { point in
            let angle = 2 * Double.pi * Double(point) / Double(points)
            // Rounded, so that points on whole pixels have whole coordinates.
            let down = rounded(-radius * sin(angle))
            let right = rounded(radius * cos(angle))
            let (top, left) = (down.rounded(.down), right.rounded(.down))
            let (y, x) = (down - top, right - left)
            return Sample(
                offset: Int(top) * stride + Int(left),
                weights: (
                    Float((1 - y) * (1 - x)), Float((1 - y) * x), Float(y * (1 - x)), Float(y * x)
                ))
        }
    }

    private static func counts(_ grey: GreyPicture, points: Int, radius: Double) -> [Int] {
        var counts = [Int](repeating: 0, count: points + 2)
        // A circle and the pixel after it, so that no load needs a test.
        let border = Int(radius) + 1
        guard grey.width > 2 * border, grey.height > 2 * border else { return counts }
        let samples = samples(points, radius: radius, stride: grey.stride)
        let lanes = GreyPicture.Lanes.scalarCount
        let end = grey.width - border
        grey.values.withUnsafeBufferPointer { values in
            samples.withUnsafeBufferPointer { samples in
                guard let start = values.baseAddress else { return }
                for row in border..<grey.height - border {
                    for column in Swift.stride(from: border, to: end, by: lanes) {
                        let center = start + row * grey.stride + column
                        let found = patterns(center, grey.stride, samples)
                        for lane in 0..<min(lanes, end - column) { counts[Int(found[lane])] += 1 }
                    }
                }
            }
        }
        return counts
    }

    /// A difference below this is a rounding error of the interpolation: a thousandth of a grey level.
    private static let tolerance: Float = 0.001 / 255

    /// The bins of eight pixels side by side.
    @inline(__always)
    private static func patterns(
        _ center: UnsafePointer<Float>, _ stride: Int, _ samples: UnsafeBufferPointer<Sample>
    ) -> SIMD8<Int32> {
        let limit = GreyPicture.load(center) - tolerance
        // −1 for each point that is not darker, and for each change from the point before.
        var (ones, changes) = (SIMD8<Int32>.zero, SIMD8<Int32>.zero)
        var last = isOne(samples[samples.count - 1], center, stride, limit)
        for sample in samples {
            let one = isOne(sample, center, stride, limit)
            ones &+= one
            changes &+= one ^ last
            last = one
        }
        let others = SIMD8<Int32>(repeating: Int32(samples.count + 1))
        return others.replacing(with: .zero &- ones, where: changes .>= -2)
    }

    /// −1 where a point is not darker than the limit, else 0.
    @inline(__always)
    private static func isOne(
        _ sample: Sample, _ center: UnsafePointer<Float>, _ stride: Int, _ limit: SIMD8<Float>
    ) -> SIMD8<Int32> {
        let at = center + sample.offset
        let (a, b, c, d) = sample.weights
        let value =
            a * GreyPicture.load(at) + b * GreyPicture.load(at + 1)
            + c * GreyPicture.load(at + stride) + d * GreyPicture.load(at + stride + 1)
        return SIMD8<Int32>.zero.replacing(with: -1, where: value .>= limit)
    }

    private static func rounded(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }
}

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

    private static func counts(_ grey: GreyPicture, points: Int, radius: Double) -> [Int] {
        var counts = [Int](repeating: 0, count: points + 2)
        let (width, height) = (grey.width, grey.height)
        let border = Int(radius) + 1
        guard width > 2 * border, height > 2 * border else { return counts }
        let samples = (0..<points).map { point -> Sample in
            let angle = 2 * Double.pi * Double(point) / Double(points)
            // Rounded, so that points on whole pixels have whole coordinates.
            let down = rounded(-radius * sin(angle))
            let right = rounded(radius * cos(angle))
            let (top, left) = (down.rounded(.down), right.rounded(.down))
            let (y, x) = (down - top, right - left)
            return Sample(
                offset: Int(top) * width + Int(left),
                weights: (
                    Float((1 - y) * (1 - x)), Float((1 - y) * x), Float(y * (1 - x)), Float(y * x)
                ))
        }
        grey.values.withUnsafeBufferPointer { values in
            for row in border..<height - border {
                for column in border..<width - border {
                    let center = row * width + column
                    counts[pattern(values, center, width, samples)] += 1
                }
            }
        }
        return counts
    }

    /// A difference below this is a rounding error of the interpolation: a thousandth of a grey level.
    private static let tolerance: Float = 0.001 / 255

    private static func pattern(
        _ values: UnsafeBufferPointer<Float>, _ center: Int, _ width: Int, _ samples: [Sample]
    ) -> Int {
        let limit = values[center] - tolerance
        var (ones, changes) = (0, 0)
        var first = false
        var last = false
        for (number, sample) in samples.enumerated() {
            let at = center + sample.offset
            let (a, b, c, d) = sample.weights
            // A weight of 0 may belong to a pixel outside of the picture's rows.
            var value = a * values[at]
            if b != 0 { value += b * values[at + 1] }
            if c != 0 { value += c * values[at + width] }
            if d != 0 { value += d * values[at + width + 1] }
            let isOne = value >= limit
            if isOne { ones += 1 }
            if number == 0 { first = isOne } else if isOne != last { changes += 1 }
            last = isOne
        }
        if first != last { changes += 1 }
        return changes <= 2 ? ones : samples.count + 1
    }

    private static func rounded(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }
}

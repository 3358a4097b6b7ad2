/// Counts pixels by hue (8 bins), saturation and value (4 bins each).
enum ColourHistogram {
    private static let (hues, levels): (Int32, Int32) = (8, 4)

    static func counts(_ picture: Picture) -> [Int] {
        var counts = [Int](repeating: 0, count: Int(hues * levels * levels))
        picture.pixels.withUnsafeBufferPointer { pixels in
            counts.withUnsafeMutableBufferPointer { counts in
                for start in Swift.stride(from: 0, to: pixels.count, by: 3) {
                    counts[bin(pixels[start], pixels[start + 1], pixels[start + 2])] += 1
                }
            }
        }
        return counts
    }

    /// In whole numbers, so that it is exact: a colour on the limit of two bins is in the upper one.
    static func bin(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        let (red, green, blue) = (Int32(red), Int32(green), Int32(blue))
        let most = max(red, green, blue)
        let range = most &- min(red, green, blue)
        let value = quotient(most &* levels, 255, below: levels)
        guard range > 0 else { return Int(value) }
        let saturation = quotient(range &* levels, most, below: levels)
        // The hue in sixths of a turn, times the range.
        let sixths =
            if most == red {
                green < blue ? green &- blue &+ 6 &* range : green &- blue
            } else if most == green {
                blue &- red &+ 2 &* range
            } else {
                red &- green &+ 4 &* range
            }
        let hue = quotient(sixths &* hues, 6 &* range, below: hues)
        return Int((hue &* levels &+ saturation) &* levels &+ value)
    }

    /// The whole quotient, at most `limit` − 1. A few comparisons are faster than a division.
    @inline(__always)
    private static func quotient(_ number: Int32, _ divisor: Int32, below limit: Int32) -> Int32 {
        var (quotient, reached): (Int32, Int32) = (0, divisor)
        for _ in 1..<limit {
            quotient &+= number >= reached ? 1 : 0
            reached &+= divisor
        }
        return quotient
    }
}

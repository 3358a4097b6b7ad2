import AtlasModel
import RandomNumbers

/// Lattice noise in the plane. The same seed gives the same values.
struct Noise {
    let seed: UInt64

    /// A pseudo-random value in 0..<1 for a lattice point.
    func value(_ x: Int, _ y: Int, _ salt: UInt64 = 0) -> Double {
        let word =
            UInt64(bitPattern: Int64(x)) &* 0x9E37_79B1_85EB_CA87
            ^ UInt64(bitPattern: Int64(y)) &* 0xC2B2_AE3D_27D4_EB4F ^ (seed &+ salt &* 0x1656_67B1)
        return Double(SplitMix64.mixed(word) >> 40) / 16_777_216
    }

    /// Smooth value noise in 0...1 with features about one unit across.
    func smooth(_ x: Double, _ y: Double) -> Double {
        let (column, row) = (x.rounded(.down), y.rounded(.down))
        let (i, j) = (Int(column), Int(row))
        let u = Self.eased(x - column)
        let v = Self.eased(y - row)
        let top = value(i, j) * (1 - u) + value(i + 1, j) * u
        let bottom = value(i, j + 1) * (1 - u) + value(i + 1, j + 1) * u
        return top * (1 - v) + bottom * v
    }

    /// Sum of `octaves` of noise, each with half the size and half the strength of the one before;
    /// 0...1.
    func fractal(_ x: Double, _ y: Double, octaves: Int = 4) -> Double {
        var sum = 0.0
        var weight = 0.5
        var scale = 1.0
        for octave in 0..<octaves {
            let shift = Double(octave) * 17.31
            sum += weight * smooth(x * scale + shift, y * scale - shift)
            weight /= 2
            scale *= 2
        }
        return sum / (1 - weight * 2)
    }

    /// Cellular noise with one seed point in each cell: the distances to the two nearest seed
    /// points, and a value of the nearest one (S. Worley, "A cellular texture basis function",
    /// 1996).
    func cells(_ x: Double, _ y: Double) -> (nearest: Double, second: Double, own: Double) {
        let (i, j) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        var nearest = 9.0
        var second = 9.0
        var own = 0.0
        for row in j - 1...j + 1 {
            for column in i - 1...i + 1 {
                let dx = Double(column) + value(column, row, 1) - x
                let dy = Double(row) + value(column, row, 2) - y
                let distance = dx * dx + dy * dy
                if distance < nearest {
                    second = nearest
                    nearest = distance
                    own = value(column, row, 3)
                } else if distance < second {
                    second = distance
                }
            }
        }
        return (nearest.squareRoot(), second.squareRoot(), own)
    }

    /// Shape and frequency of scattered grains.
    struct Grains {
        /// Range of half the length, in units of cells, at most 0.9.
        let length: ClosedRange<Double>
        /// Width as a share of length.
        let aspect: Double
        /// Share of cells that have a grain.
        let chance: Double
        /// Whether grains are crystals with corners instead of ellipses.
        let square: Bool
    }

    /// The grain that extends furthest beyond a point: how far the point is inside it (0 at the
    /// rim, 1 in the middle, negative outside), and a random value of the grain.
    func grains(_ x: Double, _ y: Double, _ grains: Grains) -> (inside: Double, own: Double) {
        let (i, j) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        var best = -9.0
        var own = 0.0
        for row in j - 1...j + 1 {
            for column in i - 1...i + 1 where value(column, row, 4) < grains.chance {
                let dx = x - Double(column) - value(column, row, 1)
                let dy = y - Double(row) - value(column, row, 2)
                // A direction from two random numbers, without trigonometry.
                let (a, b) = (value(column, row, 5) - 0.5, value(column, row, 6) - 0.5)
                let norm = max(1e-6, (a * a + b * b).squareRoot())
                let along = (dx * a + dy * b) / norm
                let across = (dy * a - dx * b) / norm
                let own1 = value(column, row, 7)
                let half =
                    grains.length.lowerBound
                    + (grains.length.upperBound - grains.length.lowerBound) * own1
                let (u, v) = (abs(along) / half, abs(across) / (half * grains.aspect))
                let inside = 1 - (grains.square ? max(u, v) : (u * u + v * v).squareRoot())
                if inside > best {
                    best = inside
                    own = value(column, row, 8)
                }
            }
        }
        return (best, own)
    }

    private static func eased(_ t: Double) -> Double { t * t * (3 - 2 * t) }
}

/// 0 below `low`, 1 above `high`, and a smooth transition between them.
func ramp(_ low: Double, _ high: Double, _ value: Double) -> Double {
    let t = min(1, max(0, (value - low) / (high - low)))
    return t * t * (3 - 2 * t)
}

/// A triangle wave of period 1 in 0...1.
func wave(_ phase: Double) -> Double {
    abs((phase - phase.rounded(.down)) * 2 - 1)
}

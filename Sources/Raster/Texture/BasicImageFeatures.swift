import Foundation

/// Basic image features: each pixel is one of seven kinds (flat, slope, dark spot, light spot, dark
/// line, light line, saddle), by which of seven numbers from derivatives of the smoothed picture is the
/// largest; of equal ones the first.
enum BasicImageFeatures {
    /// Standard deviations of the Gaussians in pixels.
    private static let scales = [1.0, 2.0, 4.0, 8.0]
    private static let kinds = 7
    /// The weight of flatness. Crosier and Griffin use 0.011 for grey values from 0 to 1.
    private static let flatness: Float = 0.011

    /// For each scale but the last a histogram of 49 bins: the kind there, and the kind at the next.
    static func counts(_ grey: GreyPicture) -> [[Int]] {
        let maps = scales.map { kinds(grey, scale: $0) }
        return zip(maps, maps.dropFirst()).map { fine, coarse in
            var counts = [Int](repeating: 0, count: kinds * kinds)
            for (one, other) in zip(fine, coarse) { counts[Int(one) * kinds + Int(other)] += 1 }
            return counts
        }
    }

    private static func kinds(_ grey: GreyPicture, scale: Double) -> [UInt8] {
        let filters = (0...2).map { GaussianFilter(scale: scale, order: $0) }
        let (plain, slope, bend) = (filters[0], filters[1], filters[2])
        // Filtered along columns first, with each order once.
        let (smooth, first, second) = (
            plain.alongColumns(grey.values, grey), slope.alongColumns(grey.values, grey),
            bend.alongColumns(grey.values, grey)
        )
        let level = plain.alongRows(smooth, grey)
        let (x, y) = (slope.alongRows(smooth, grey), plain.alongRows(first, grey))
        let (xx, yy) = (bend.alongRows(smooth, grey), plain.alongRows(second, grey))
        let xy = slope.alongRows(first, grey)
        let (linear, square) = (Float(scale), Float(scale * scale))
        let half = Float(0.5).squareRoot()
        return level.indices.map { place in
            let sum = square * (xx[place] + yy[place])
            let difference = square * (xx[place] - yy[place])
            let mixed = 2 * square * xy[place]
            let shape = (difference * difference + mixed * mixed).squareRoot()
            let gradient = (x[place] * x[place] + y[place] * y[place]).squareRoot()
            var (best, kind): (Float, UInt8) = (flatness * level[place], 0)
            func offer(_ number: Float, _ other: UInt8) {
                if number > best { (best, kind) = (number, other) }
            }
            offer(2 * linear * gradient, 1)
            offer(sum, 2)
            offer(-sum, 3)
            offer((shape + sum) * half, 4)
            offer((shape - sum) * half, 5)
            offer(shape, 6)
            return kind
        }
    }
}

/// A sampled Gaussian of a standard deviation, or its first or second derivative, cut at four standard
/// deviations, as `scipy.ndimage.gaussian_filter1d` samples it. Beyond its edges a picture is mirrored.
struct GaussianFilter {
    private let weights: [Float]
    private let radius: Int

    init(scale: Double, order: Int) {
        let radius = Int(4 * scale + 0.5)
        let plain = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (scale * scale)) }
        let sum = plain.reduce(0, +)
        let variance = scale * scale
        weights = zip(-radius...radius, plain).map { place, value in
            let x = Double(place)
            let polynomial =
                switch order {
                case 0: 1.0
                // The weights are applied as a correlation, so the sign is that of +x.
                case 1: x / variance
                default: (x * x / variance - 1) / variance
                }
            return Float(polynomial * value / sum)
        }
        self.radius = radius
    }

    /// Filters each row, `(height, width)`.
    func alongRows(_ values: [Float], _ size: GreyPicture) -> [Float] {
        let (width, height) = (size.width, size.height)
        var result = [Float](repeating: 0, count: width * height)
        var padded = [Float](repeating: 0, count: width + 2 * radius)
        for row in 0..<height {
            for column in padded.indices {
                padded[column] = values[row * width + Self.mirrored(column - radius, width)]
            }
            padded.withUnsafeBufferPointer { source in
                result.withUnsafeMutableBufferPointer { target in
                    for (tap, weight) in weights.enumerated() {
                        for column in 0..<width {
                            target[row * width + column] += weight * source[column + tap]
                        }
                    }
                }
            }
        }
        return result
    }

    /// Filters each column, `(height, width)`.
    func alongColumns(_ values: [Float], _ size: GreyPicture) -> [Float] {
        let (width, height) = (size.width, size.height)
        var result = [Float](repeating: 0, count: width * height)
        values.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                for row in 0..<height {
                    for (tap, weight) in weights.enumerated() {
                        let from = Self.mirrored(row + tap - radius, height) * width
                        for column in 0..<width {
                            target[row * width + column] += weight * source[from + column]
                        }
                    }
                }
            }
        }
        return result
    }

    /// The place that a place outside shows: … 1 0 | 0 1 2 … n−1 | n−1 n−2 …
    private static func mirrored(_ place: Int, _ count: Int) -> Int {
        let period = 2 * count
        let within = ((place % period) + period) % period
        return within < count ? within : period - 1 - within
    }
}

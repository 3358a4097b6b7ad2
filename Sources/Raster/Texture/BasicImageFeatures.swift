/// Basic image features: each pixel is one of seven kinds (flat, slope, dark spot, light spot, dark
/// line, light line, saddle), by which of seven numbers from derivatives of the smoothed picture is the
/// largest; of equal ones the first.
enum BasicImageFeatures {
    private typealias Lanes = GreyPicture.Lanes

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
            fine.withUnsafeBufferPointer { fine in
                coarse.withUnsafeBufferPointer { coarse in
                    for place in fine.indices {
                        counts[Int(fine[place]) * kinds + Int(coarse[place])] += 1
                    }
                }
            }
            return counts
        }
    }

    /// The kind of each pixel, row by row.
    private static func kinds(_ grey: GreyPicture, scale: Double) -> [UInt8] {
        let filter = GaussianDerivatives(scale: scale)
        var row = filter.row(of: grey)
        return [UInt8](unsafeUninitializedCapacity: grey.width * grey.height) { kinds, count in
            for y in 0..<grey.height {
                filter.filter(y, of: grey, into: &row)
                filter.along(row, width: grey.width) { column, derivatives in
                    let found = kind(derivatives, scale: Float(scale))
                    for lane in 0..<min(Lanes.scalarCount, grey.width - column) {
                        kinds[y * grey.width + column + lane] =
                            UInt8(truncatingIfNeeded: found[lane])
                    }
                }
            }
            count = grey.width * grey.height
        }
    }

    @inline(__always)
    private static func kind(_ at: GaussianDerivatives.Derivatives, scale: Float) -> SIMD8<Int32> {
        let square = scale * scale
        let half = Float(0.5).squareRoot()
        let sum = square * (at.xx + at.yy)
        let difference = square * (at.xx - at.yy)
        let mixed = 2 * square * at.xy
        let shape = (difference * difference + mixed * mixed).squareRoot()
        let gradient = (at.x * at.x + at.y * at.y).squareRoot()
        var found = Largest(flatness * at.level)
        found.offer(2 * scale * gradient, 1)
        found.offer(sum, 2)
        found.offer(-sum, 3)
        found.offer((shape + sum) * half, 4)
        found.offer((shape - sum) * half, 5)
        found.offer(shape, 6)
        return found.kind
    }

    /// Which of the numbers that were offered is the largest, in each lane; of equal ones the first.
    private struct Largest {
        private var number: Lanes
        private(set) var kind = SIMD8<Int32>.zero

        @inline(__always)
        init(_ number: Lanes) { self.number = number }

        @inline(__always)
        mutating func offer(_ numbers: Lanes, _ other: Int32) {
            let isLarger = numbers .> number
            number.replace(with: numbers, where: isLarger)
            kind.replace(with: other, where: isLarger)
        }
    }
}

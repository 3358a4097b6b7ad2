import Foundation

/// A sampled Gaussian of a standard deviation and its first and second derivative, cut at four standard
/// deviations, as `scipy.ndimage.gaussian_filter1d` samples them. Beyond its edges a picture is mirrored.
///
/// A Gaussian and its second derivative are even, the first derivative is odd. So two values at the same
/// distance are added, or subtracted, before they are weighted.
struct GaussianDerivatives {
    typealias Lanes = GreyPicture.Lanes

    let radius: Int
    /// By distance, from 0 to `radius`: of the Gaussian, the first and the second derivative.
    private let weights: [(plain: Float, slope: Float, bend: Float)]

    init(scale: Double) {
        let radius = Int(4 * scale + 0.5)
        let variance = scale * scale
        let plain = (0...radius).map { exp(-0.5 * Double($0 * $0) / variance) }
        let sum = 2 * plain.reduce(0, +) - plain[0]
        weights = plain.enumerated().map { place, value in
            let x = Double(place)
            return (
                // The weights are applied as a correlation, so the sign of the slope is that of +x.
                Float(value / sum), Float(x / variance * value / sum),
                Float((x * x / variance - 1) / variance * value / sum)
            )
        }
        self.radius = radius
    }

    /// A row of the picture filtered along its columns with each of the three, and room to filter that along
    /// the row: `radius` values before and after it.
    struct Row {
        fileprivate var (plain, slope, bend): ([Float], [Float], [Float])

        fileprivate init(_ filter: GaussianDerivatives, stride: Int) {
            let count = stride + 2 * filter.radius + Lanes.scalarCount
            plain = [Float](repeating: 0, count: count)
            slope = plain
            bend = plain
        }
    }

    func row(of grey: GreyPicture) -> Row { Row(self, stride: grey.stride) }

    /// Filters row `y` of a picture along the columns.
    func filter(_ y: Int, of grey: GreyPicture, into row: inout Row) {
        let stride = grey.stride
        let rows = (0...radius).map { distance in
            (
                above: Self.mirrored(y - distance, grey.height) * stride,
                below: Self.mirrored(y + distance, grey.height) * stride
            )
        }
        grey.values.withUnsafeBufferPointer { values in
            weights.withUnsafeBufferPointer { weights in
                rows.withUnsafeBufferPointer { rows in
                    guard let source = values.baseAddress else { return }
                    for column in Swift.stride(from: 0, to: stride, by: Lanes.scalarCount) {
                        let middle = GreyPicture.load(source + rows[0].above + column)
                        var plain = weights[0].plain * middle
                        var bend = weights[0].bend * middle
                        var slope = Lanes.zero
                        for distance in 1..<weights.count {
                            let before = GreyPicture.load(source + rows[distance].above + column)
                            let after = GreyPicture.load(source + rows[distance].below + column)
                            let (sum, difference) = (before + after, after - before)
                            plain += weights[distance].plain * sum
                            bend += weights[distance].bend * sum
                            slope += weights[distance].slope * difference
                        }
                        Self.store(plain, in: &row.plain, at: radius + column)
                        Self.store(slope, in: &row.slope, at: radius + column)
                        Self.store(bend, in: &row.bend, at: radius + column)
                    }
                }
            }
        }
        mirror(&row.plain, grey.width)
        mirror(&row.slope, grey.width)
        mirror(&row.bend, grey.width)
    }

    private static func store(_ lanes: Lanes, in values: inout [Float], at place: Int) {
        values.withUnsafeMutableBytes {
            $0.storeBytes(
                of: lanes, toByteOffset: place * MemoryLayout<Float>.stride, as: Lanes.self)
        }
    }

    private func mirror(_ values: inout [Float], _ width: Int) {
        for distance in 1...radius {
            values[radius - distance] = values[radius + Self.mirrored(-distance, width)]
            values[radius + width - 1 + distance] =
                values[radius + Self.mirrored(width - 1 + distance, width)]
        }
    }

    /// The smoothed picture and its derivatives at eight pixels side by side.
    struct Derivatives {
        var (level, x, y): (Lanes, Lanes, Lanes)
        var (xx, yy, xy): (Lanes, Lanes, Lanes)
    }

    /// Calls `body` for every eight pixels of a filtered row.
    func along(_ row: Row, width: Int, _ body: (_ column: Int, Derivatives) -> Void) {
        row.plain.withUnsafeBufferPointer { plain in
            row.slope.withUnsafeBufferPointer { slope in
                row.bend.withUnsafeBufferPointer { bend in
                    guard let plain = plain.baseAddress, let slope = slope.baseAddress,
                        let bend = bend.baseAddress
                    else { return }
                    for column in Swift.stride(from: 0, to: width, by: Lanes.scalarCount) {
                        let place = radius + column
                        body(column, derivatives(plain + place, slope + place, bend + place))
                    }
                }
            }
        }
    }

    @inline(__always)
    private func derivatives(
        _ plain: UnsafePointer<Float>, _ slope: UnsafePointer<Float>, _ bend: UnsafePointer<Float>
    ) -> Derivatives {
        weights.withUnsafeBufferPointer { weights in
            var (level, xx, x) = (
                weights[0].plain * GreyPicture.load(plain),
                weights[0].bend * GreyPicture.load(plain), Lanes.zero
            )
            var (y, xy) = (weights[0].plain * GreyPicture.load(slope), Lanes.zero)
            var yy = weights[0].plain * GreyPicture.load(bend)
            for distance in 1..<weights.count {
                let weight = weights[distance]
                let before = GreyPicture.load(plain - distance)
                let after = GreyPicture.load(plain + distance)
                let sum = before + after
                level += weight.plain * sum
                xx += weight.bend * sum
                x += weight.slope * (after - before)
            }
            for distance in 1..<weights.count {
                let weight = weights[distance]
                let left = GreyPicture.load(slope - distance)
                let right = GreyPicture.load(slope + distance)
                y += weight.plain * (left + right)
                xy += weight.slope * (right - left)
                yy +=
                    weight.plain
                    * (GreyPicture.load(bend - distance) + GreyPicture.load(bend + distance))
            }
            return Derivatives(level: level, x: x, y: y, xx: xx, yy: yy, xy: xy)
        }
    }

    /// The place that a place outside shows: … 1 0 | 0 1 2 … n−1 | n−1 n−2 …
    private static func mirrored(_ place: Int, _ count: Int) -> Int {
        if place >= 0 && place < count { return place }
        let period = 2 * count
        let within = ((place % period) + period) % period
        return within < count ? within : period - 1 - within
    }
}

package import AtlasModel
import Foundation

extension PictureMeasures {
    /// Measures a picture of at most `side` pixels a side.
    ///
    /// The formulas are those of CleanVision 0.3.7 (`image_property.py`) and of Pillow, which it calls:
    /// perceived brightness √(0.241 R² + 0.691 G² + 0.068 B²), grey as whole numbers, and the filter
    /// FIND_EDGES, eight times a pixel less its neighbours, which leaves the border as it is.
    package init(_ picture: Picture) {
        let pixels = picture.pixels
        let count = picture.width * picture.height
        let brightness = (0..<count).map { place -> Double in
            let (red, green, blue) = (
                Double(pixels[place * 3]), Double(pixels[place * 3 + 1]),
                Double(pixels[place * 3 + 2])
            )
            let square = 0.241 * (red * red) + 0.691 * (green * green) + 0.068 * (blue * blue)
            return square.squareRoot() / 255
        }.sorted()
        var colours = [Int](repeating: 0, count: 3 * 256)
        for (place, value) in pixels.enumerated() { colours[place % 3 * 256 + Int(value)] += 1 }
        let greys = (0..<count).map { place in
            let sum =
                19_595 * Int(pixels[place * 3]) + 38_470 * Int(pixels[place * 3 + 1])
                + 7_471 * Int(pixels[place * 3 + 2])
            return (sum + 0x8000) >> 16
        }
        var histogram = [Int](repeating: 0, count: 256)
        for grey in greys { histogram[grey] += 1 }
        self.init(
            dimmest: Self.percentile(5, of: brightness),
            brightest: Self.percentile(99, of: brightness), entropy: Self.entropy(colours),
            edges: Self.deviation(Self.edges(greys, width: picture.width)),
            greys: Self.deviation(histogram))
    }

    /// The percentile of sorted values, interpolated linearly as NumPy does.
    private static func percentile(_ percent: Double, of sorted: [Double]) -> Double {
        let place = percent / 100 * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }

    private static func entropy(_ counts: [Int]) -> Double {
        let total = Double(counts.reduce(0, +))
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }

    private static func edges(_ greys: [Int], width: Int) -> [Int] {
        let height = greys.count / width
        var edges = greys
        for row in 1..<max(1, height - 1) {
            for column in 1..<max(1, width - 1) {
                let place = row * width + column
                let around = [-width, 0, width].reduce(0) { sum, line in
                    sum + greys[place + line - 1] + greys[place + line] + greys[place + line + 1]
                }
                edges[place] = max(0, min(255, 9 * greys[place] - around))
            }
        }
        return edges
    }

    /// The standard deviation of all values, not of a sample.
    private static func deviation(_ values: [Int]) -> Double {
        let count = Double(values.count)
        let sum = Double(values.reduce(0, +))
        let squares = Double(values.reduce(0) { $0 + $1 * $1 })
        return max(0, (squares - sum * sum / count) / count).squareRoot()
    }

    /// Decodes and measures a stored file.
    /// - Parameter memory: shared by all threads.
    /// - Throws: `RasterError`.
    package init(ofFile file: [UInt8], memory: DecodingMemory) throws {
        let request = PictureRequest(margin: 2, memory: memory.pixels) { width, height in
            let longest = max(width, height)
            guard longest > Self.side else { return (width, height) }
            return (max(1, width * Self.side / longest), max(1, height * Self.side / longest))
        }
        self.init(try Picture.decode(file, request).picture)
    }
}

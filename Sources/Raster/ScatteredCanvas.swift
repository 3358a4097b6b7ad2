/// As `Canvas`, but for pixels that come in any order: those of interlaced files.
///
/// A new pixel is the weighted mean of the pixels that were added, and white without any.
struct ScatteredCanvas {
    private let width: Int
    private let height: Int
    private let newWidth: Int
    private let newHeight: Int
    /// `(newHeight, newWidth, 4)`: weighted sums of red, green and blue, and of the weights.
    private var sums: [UInt64]

    init(width: Int, height: Int, newWidth: Int, newHeight: Int) {
        self.width = width
        self.height = height
        self.newWidth = newWidth
        self.newHeight = newHeight
        sums = [UInt64](repeating: 0, count: newWidth * newHeight * 4)
    }

    /// Adds pixels of row `y`, from column `first` in steps of `step`.
    /// - Parameter pixels: `(n, 3)` red, green and blue.
    mutating func add(_ pixels: UnsafeBufferPointer<UInt8>, row y: Int, first: Int, step: Int) {
        sums.withUnsafeMutableBufferPointer { sums in
            // A pixel is newWidth × newHeight units large, and a new one width × height.
            for row in y * newHeight / height...((y + 1) * newHeight - 1) / height {
                let down = Self.overlap(y, newHeight, row, height)
                for index in 0..<pixels.count / 3 {
                    let x = first + index * step
                    for column in x * newWidth / width...((x + 1) * newWidth - 1) / width {
                        let weight = UInt64(down * Self.overlap(x, newWidth, column, width))
                        let place = (row * newWidth + column) * 4
                        sums[place] += UInt64(pixels[index * 3]) * weight
                        sums[place + 1] += UInt64(pixels[index * 3 + 1]) * weight
                        sums[place + 2] += UInt64(pixels[index * 3 + 2]) * weight
                        sums[place + 3] += weight
                    }
                }
            }
        }
    }

    /// Length that the old pixel `old` and the new pixel `new` have in common.
    private static func overlap(_ old: Int, _ oldLength: Int, _ new: Int, _ newLength: Int) -> Int {
        min((old + 1) * oldLength, (new + 1) * newLength) - max(old * oldLength, new * newLength)
    }

    /// What has been added so far.
    consuming func picture() -> Picture {
        let pixels = (0..<newWidth * newHeight).flatMap { place -> [UInt8] in
            let weight = sums[place * 4 + 3]
            guard weight > 0 else { return [255, 255, 255] }
            return (0..<3).map { UInt8((sums[place * 4 + $0] * 2 + weight) / (weight * 2)) }
        }
        return Picture(width: newWidth, height: newHeight, pixels: pixels)
    }
}

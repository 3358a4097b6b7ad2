/// A picture to which rows are added while they are decoded. They are resized at once, so a large
/// picture needs memory for its new size only.
///
/// Each new pixel is the mean of the old pixels that it covers, weighted by the covered area, in sRGB
/// bytes, halves rounded up. All weights are whole numbers, so the only rounding is the last division.
/// Rows that are never added stay white; a new pixel of which only some rows were added is the mean of
/// these.
struct Canvas {
    /// Size of the rows that are added.
    let width: Int
    let height: Int
    let newWidth: Int
    let newHeight: Int
    /// Number of rows added.
    private(set) var rowCount = 0
    /// `(newHeight, newWidth, 3) uint8`.
    private var pixels: [UInt8]
    private let columns: [Coverage]
    /// The last row, `(newWidth, 3)`: sums of the old pixels that a new one covers, weighted.
    private var across: [UInt64]
    /// The sums of `across` over the rows of the current new row, weighted.
    private var sums: [UInt64]
    /// Weight of the rows in `sums`.
    private var weight = 0
    private var newRow = 0

    init(width: Int, height: Int, newWidth: Int, newHeight: Int) {
        self.width = width
        self.height = height
        self.newWidth = newWidth
        self.newHeight = newHeight
        pixels = [UInt8](repeating: 255, count: newWidth * newHeight * 3)
        let isWhole = width == newWidth && height == newHeight
        columns = isWhole ? [] : Coverage.spans(from: width, to: newWidth)
        across = [UInt64](repeating: 0, count: isWhole ? 0 : newWidth * 3)
        sums = across
    }

    /// Adds the next row.
    /// - Parameter row: `(width, 3)` red, green and blue.
    mutating func add(_ row: UnsafeBufferPointer<UInt8>) {
        guard rowCount < height else { return }
        let begin = rowCount * newHeight
        rowCount += 1
        if columns.isEmpty {
            pixels.withUnsafeMutableBufferPointer { pixels in
                let start = (rowCount - 1) * width * 3
                for index in 0..<width * 3 { pixels[start + index] = row[index] }
            }
            return
        }
        reduce(row)
        // The row is `newHeight` units high, and a new row `height` units.
        var position = begin
        while position < begin + newHeight {
            let end = min(begin + newHeight, (newRow + 1) * height)
            let part = UInt64(end - position)
            for index in sums.indices { sums[index] += across[index] * part }
            weight += end - position
            position = end
            if end == (newRow + 1) * height { finishRow() }
        }
    }

    /// What has been added so far.
    consuming func picture() -> Picture {
        if weight > 0 { finishRow() }
        return Picture(width: newWidth, height: newHeight, pixels: pixels)
    }

    private mutating func reduce(_ row: UnsafeBufferPointer<UInt8>) {
        across.withUnsafeMutableBufferPointer { across in
            columns.withUnsafeBufferPointer { columns in
                for x in 0..<columns.count {
                    let span = columns[x]
                    var red = UInt64(row[span.first * 3]) * UInt64(span.firstWeight)
                    var green = UInt64(row[span.first * 3 + 1]) * UInt64(span.firstWeight)
                    var blue = UInt64(row[span.first * 3 + 2]) * UInt64(span.firstWeight)
                    if span.last > span.first {
                        var inner: (red: UInt64, green: UInt64, blue: UInt64) = (0, 0, 0)
                        var offset = (span.first + 1) * 3
                        while offset < span.last * 3 {
                            inner.red += UInt64(row[offset])
                            inner.green += UInt64(row[offset + 1])
                            inner.blue += UInt64(row[offset + 2])
                            offset += 3
                        }
                        let (whole, last) = (UInt64(span.innerWeight), UInt64(span.lastWeight))
                        red += inner.red * whole + UInt64(row[offset]) * last
                        green += inner.green * whole + UInt64(row[offset + 1]) * last
                        blue += inner.blue * whole + UInt64(row[offset + 2]) * last
                    }
                    across[x * 3] = red
                    across[x * 3 + 1] = green
                    across[x * 3 + 2] = blue
                }
            }
        }
    }

    /// Divides the sums of the current new row, and begins the next.
    private mutating func finishRow() {
        let area = UInt64(width) * UInt64(weight)
        let start = newRow * newWidth * 3
        for index in sums.indices {
            pixels[start + index] = UInt8((sums[index] * 2 + area) / (area * 2))
            sums[index] = 0
        }
        weight = 0
        newRow += 1
    }
}

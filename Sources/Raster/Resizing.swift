extension Picture {
    /// The whole picture stretched to a new size by exact box coverage: each new pixel is the mean of
    /// the pixels that it covers, weighted by the covered area, in sRGB bytes, halves rounded up. The
    /// picture is unchanged if the size is the same.
    ///
    /// A row of 10, 20, 31 becomes (10 · 2 + 20) / 3 ≈ 13 and (20 + 31 · 2) / 3 ≈ 27. All weights are
    /// whole numbers, so the only rounding is the last division.
    /// - Precondition: both sides are at least 1.
    package func resized(width newWidth: Int, height newHeight: Int) -> Picture {
        precondition(newWidth > 0 && newHeight > 0, "a picture has at least one pixel")
        if newWidth == width && newHeight == height { return self }
        let columns = Coverage.spans(from: width, to: newWidth)
        let rows = Coverage.spans(from: height, to: newHeight)
        // A new pixel covers width × height units, each 1/newWidth × 1/newHeight of an old pixel.
        let area = UInt64(width) * UInt64(height)
        let resized = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * 3) {
            target, filled in
            pixels.withUnsafeBufferPointer { stored in
                var sums = [UInt64](repeating: 0, count: newWidth * 3)
                sums.withUnsafeMutableBufferPointer { sums in
                    for (y, span) in rows.enumerated() {
                        sums.update(repeating: 0)
                        for (row, weight) in span.weighted {
                            Self.add(
                                row: stored, at: row * width * 3, columns, UInt64(weight), to: sums)
                        }
                        let start = y * newWidth * 3
                        for i in 0..<newWidth * 3 {
                            target[start + i] = UInt8((sums[i] * 2 + area) / (area * 2))
                        }
                    }
                }
            }
            filled = newWidth * newHeight * 3
        }
        return Picture(width: newWidth, height: newHeight, pixels: resized)
    }

    /// The model vector: the whole picture stretched to 28 × 28, `(28, 28, 3) uint8` row-major. The
    /// pixels themselves if the picture has that size.
    package var modelVector: [UInt8] { resized(width: 28, height: 28).pixels }

    /// Adds one row of the old picture, weighted by new columns, to the sums of a new row.
    private static func add(
        row stored: UnsafeBufferPointer<UInt8>, at start: Int, _ columns: [Coverage],
        _ rowWeight: UInt64, to sums: UnsafeMutableBufferPointer<UInt64>
    ) {
        columns.withUnsafeBufferPointer { columns in
            for x in 0..<columns.count {
                let span = columns[x]
                var red: UInt64 = 0
                var green: UInt64 = 0
                var blue: UInt64 = 0
                for column in span.first...span.last {
                    let weight = UInt64(span.weight(of: column))
                    let offset = start + column * 3
                    red += weight * UInt64(stored[offset])
                    green += weight * UInt64(stored[offset + 1])
                    blue += weight * UInt64(stored[offset + 2])
                }
                sums[x * 3] += red * rowWeight
                sums[x * 3 + 1] += green * rowWeight
                sums[x * 3 + 2] += blue * rowWeight
            }
        }
    }
}

/// The old pixels that one new pixel covers along one side, and how much of each.
///
/// On a side with `from` old and `to` new pixels, an old pixel is `to` units long and a new one `from`
/// units.
private struct Coverage {
    let first: Int
    let last: Int
    let firstWeight: Int
    let innerWeight: Int
    let lastWeight: Int

    static func spans(from: Int, to: Int) -> [Coverage] {
        (0..<to).map { index in
            let start = index * from
            let end = start + from
            let first = start / to
            let last = (end - 1) / to
            return Coverage(
                first: first, last: last,
                firstWeight: first == last ? from : (first + 1) * to - start, innerWeight: to,
                lastWeight: first == last ? from : end - last * to)
        }
    }

    func weight(of index: Int) -> Int {
        index == first ? firstWeight : index == last ? lastWeight : innerWeight
    }

    var weighted: [(Int, Int)] { (first...last).map { ($0, weight(of: $0)) } }
}

extension Picture {
    /// The picture rotated counter-clockwise by a multiple of 90 degrees, as `numpy.rot90` does.
    ///
    /// The row 1 2, rotated by 90, becomes the column 2 1. Negative angles rotate clockwise.
    /// - Precondition: `degrees` is a multiple of 90.
    package func turned(counterClockwise degrees: Int) -> Picture {
        precondition(degrees % 90 == 0, "pictures are turned by right angles")
        switch ((degrees % 360) + 360) % 360 {
        case 90: return moved(width: height, height: width) { x, y in (width - 1 - y, x) }
        case 180:
            return moved(width: width, height: height) { x, y in (width - 1 - x, height - 1 - y) }
        case 270: return moved(width: height, height: width) { x, y in (y, height - 1 - x) }
        default: return self
        }
    }

    /// The picture with left and right exchanged: the row 1 2 3 becomes 3 2 1.
    package func mirrored() -> Picture {
        moved(width: width, height: height) { x, y in (width - 1 - x, y) }
    }

    /// A picture of the given size. Its pixel (x, y) is the pixel of this picture at `source(x,
    /// y)`.
    private func moved(
        width newWidth: Int, height newHeight: Int, from source: (Int, Int) -> (x: Int, y: Int)
    ) -> Picture {
        let moved = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
            pixels.withUnsafeBufferPointer { stored in
                var position = 0
                for y in 0..<newHeight {
                    for x in 0..<newWidth {
                        let (fromX, fromY) = source(x, y)
                        let offset = (fromY * width + fromX) * 3
                        target[position] = stored[offset]
                        target[position + 1] = stored[offset + 1]
                        target[position + 2] = stored[offset + 2]
                        position += 3
                    }
                }
            }
            filled = pixels.count
        }
        return Picture(width: newWidth, height: newHeight, pixels: moved)
    }
}

extension Picture {
    /// The whole picture stretched to a new size by exact box coverage (`Canvas`). The picture is
    /// unchanged if the size is the same.
    ///
    /// A row of 10, 20, 31 becomes (10 · 2 + 20) / 3 ≈ 13 and (20 + 31 · 2) / 3 ≈ 27.
    /// - Precondition: both sides are at least 1.
    package func resized(width newWidth: Int, height newHeight: Int) -> Picture {
        precondition(newWidth > 0 && newHeight > 0, "a picture has at least one pixel")
        if newWidth == width && newHeight == height { return self }
        var canvas = Canvas(
            width: width, height: height, newWidth: newWidth, newHeight: newHeight)
        pixels.withUnsafeBufferPointer { stored in
            for row in 0..<height {
                canvas.add(
                    UnsafeBufferPointer(rebasing: stored[row * width * 3..<(row + 1) * width * 3]))
            }
        }
        return canvas.picture()
    }
}

package import Parallel

extension PictureRequest {
    /// A picture whose shorter side has at most so many pixels, in its own proportions.
    ///
    ///     PictureRequest.shorterSide(112, memory: nil)  // 4,000 × 3,000 pixels become 149 × 112
    ///
    /// - Parameter memory: shared by all threads.
    package static func shorterSide(_ side: Int, memory: MemoryBudget?) -> PictureRequest {
        PictureRequest(margin: 2, memory: memory) { width, height in
            let shorter = min(width, height)
            guard shorter > side else { return (width, height) }
            func reduced(_ length: Int) -> Int { (length * side + shorter / 2) / shorter }
            return (reduced(width), reduced(height))
        }
    }
}

extension Picture {
    /// The middle of the picture, with at most `mostWidth` × `mostHeight` pixels. Of an odd rest the
    /// smaller half is cut off at the left and at the top.
    ///
    ///     picture.middle(mostWidth: 3, mostHeight: 9)  // of 6 × 4 pixels: columns 1 to 3, all rows
    ///
    /// - Precondition: both are at least 1.
    package func middle(mostWidth: Int, mostHeight: Int) -> Picture {
        let (newWidth, newHeight) = (min(width, mostWidth), min(height, mostHeight))
        if newWidth == width && newHeight == height { return self }
        let (left, top) = ((width - newWidth) / 2, (height - newHeight) / 2)
        let rows = (top..<top + newHeight).map { row in
            let start = (row * width + left) * 3
            return pixels[start..<start + newWidth * 3]
        }
        return Picture(width: newWidth, height: newHeight, pixels: Array(rows.joined()))
    }
}

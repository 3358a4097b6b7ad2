/// A picture in memory: sRGB, three bytes a pixel, row-major from the upper left corner.
package struct Picture: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// `(height, width, 3) uint8`.
    package let pixels: [UInt8]

    /// - Precondition: `pixels.count == width * height * 3`, and both sides are at least 1.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        precondition(pixels.count == width * height * 3, "three bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

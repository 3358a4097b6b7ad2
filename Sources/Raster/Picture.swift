/// A picture in memory: sRGB bytes, three to a pixel, row-major from the upper left corner.
public struct Picture: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// `(height, width, 3) uint8`.
    public let pixels: [UInt8]

    /// - Precondition: `pixels.count == width * height * 3`, and both sides are at least 1.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        precondition(pixels.count == width * height * 3, "three bytes to a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

/// Why a picture could not be read or written, in words for the errata page.
public enum RasterError: Error, Equatable, CustomStringConvertible {
    case empty
    case unknownFormat
    case damaged(detail: String)
    case tooLarge(width: Int, height: Int, limit: Int)
    case notEncoded(detail: String)

    public var description: String {
        switch self {
        case .empty: "The file is empty. Copy it again from where it came from."
        case .unknownFormat:
            "This is neither a JPEG nor a PNG picture. Save it as one of these."
        case .damaged(let detail):
            "The picture is damaged or cut short (\(detail)). Copy it again from where it came from."
        case .tooLarge(let width, let height, let limit):
            "The picture is too large (\(width) × \(height) pixels, more than \(limit / 1_000_000) million). Reduce it."
        case .notEncoded(let detail): "A picture could not be written (\(detail))."
        }
    }
}

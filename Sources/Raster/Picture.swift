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

/// Why a picture could not be read or written.
package enum RasterError: Error, Hashable, Codable, CustomStringConvertible {
    case empty
    case unknownFormat
    case damaged(detail: String)
    case tooLarge(width: Int, height: Int, limit: Int)
    case notEncoded(detail: String)

    /// What happened, the same for all errors of a case, without a full stop.
    package var statement: String {
        switch self {
        case .empty: "The file is empty"
        case .unknownFormat: "This is neither a JPEG nor a PNG picture"
        case .damaged: "The picture is damaged or cut short"
        case .tooLarge: "The picture is too large"
        case .notEncoded: "A picture could not be written"
        }
    }

    /// What is particular to this file; `nil` when the statement is enough.
    package var detail: String? {
        switch self {
        case .empty, .unknownFormat: nil
        case .damaged(let detail), .notEncoded(let detail): detail
        case .tooLarge(let width, let height, let limit):
            "\(width) × \(height) pixels, more than \(limit / 1_000_000) million"
        }
    }

    /// What to do now.
    package var advice: String {
        switch self {
        case .empty, .damaged: "Copy it again from where it came from."
        case .unknownFormat: "Save it as one of these."
        case .tooLarge: "Reduce it."
        case .notEncoded: "Check that there is memory left, then try again."
        }
    }

    package var description: String {
        statement + (detail.map { " (\($0))" } ?? "") + ". " + advice
    }
}

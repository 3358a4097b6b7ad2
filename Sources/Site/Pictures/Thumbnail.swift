import Raster

/// The small form of a picture: 210 px high, at most three times as wide.
enum Thumbnail {
    static let height = 210
    static let widest = 630
    static let quality = 82

    /// Size of a picture's thumbnail; `nil` when the picture is no larger than one.
    static func size(width: Int, height: Int) -> (width: Int, height: Int)? {
        guard height > Self.height || width > widest else { return nil }
        let scale = min(
            Double(Self.height) / Double(height), Double(widest) / Double(width))
        return (
            max(1, Int((Double(width) * scale).rounded())),
            max(1, Int((Double(height) * scale).rounded()))
        )
    }

    /// The thumbnail of a stored file as a JPEG, upright; the picture itself, encoded anew, when it
    /// is no larger than one.
    static func jpeg(of file: [UInt8], quality: Int = Self.quality) throws -> [UInt8] {
        let picture = try Picture(decoding: file)
        guard let size = size(width: picture.width, height: picture.height) else {
            return try picture.jpeg(quality: quality, fullChroma: true)
        }
        return try picture.resized(width: size.width, height: size.height).jpeg(quality: quality)
    }
}

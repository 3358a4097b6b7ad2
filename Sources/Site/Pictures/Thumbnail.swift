import Parallel
import Raster

/// The small form of a picture: 210 px high and at most three times as wide.
enum Thumbnail {
    static let height = 210
    static let widest = 630
    static let quality = 82

    /// Size of a picture's thumbnail; `nil` when the picture is not larger than its thumbnail.
    static func size(width: Int, height: Int) -> (width: Int, height: Int)? {
        guard height > Self.height || width > widest else { return nil }
        let scale = min(
            Double(Self.height) / Double(height), Double(widest) / Double(width))
        return (
            max(1, Int((Double(width) * scale).rounded())),
            max(1, Int((Double(height) * scale).rounded()))
        )
    }

    /// Whether the tile of a sprite is made from a thumbnail of a size; `nil` for a picture without one.
    ///
    ///     Thumbnail.isEnoughForTile((280, 210))  // true
    ///     Thumbnail.isEnoughForTile((100, 210))  // false: a tile has 112 pixels
    static func isEnoughForTile(_ size: (width: Int, height: Int)?) -> Bool {
        size.map { min($0.width, $0.height) >= Sprite.photographSide } ?? false
    }

    /// A thumbnail of a size, made from a preview, as a JPEG.
    static func jpeg(of preview: Picture, size: (width: Int, height: Int)) throws -> [UInt8] {
        try preview.resized(width: size.width, height: size.height)
            .jpeg(quality: quality, fullChroma: false)
    }

    /// The thumbnail of a stored file as a JPEG, upright. A picture that is not larger than its
    /// thumbnail is encoded again at its own size.
    /// - Parameter memory: shared by all threads.
    static func jpeg(
        of file: [UInt8], quality: Int = Self.quality, memory: MemoryBudget? = nil
    ) throws -> [UInt8] {
        let decoded = try Picture.decode(
            file,
            PictureRequest(margin: 2, memory: memory) { width, height in
                size(width: width, height: height) ?? (width, height)
            })
        let isWhole = size(width: decoded.width, height: decoded.height) == nil
        return try decoded.picture.jpeg(quality: quality, fullChroma: isWhole)
    }
}

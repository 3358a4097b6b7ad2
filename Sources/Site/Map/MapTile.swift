import AtlasModel
import Fingerprint
import Raster

/// A square part of the map as a picture, at one zoom.
struct MapTile: Sendable {
    /// Number of cells along a side of the finest tiles.
    static let cells = 18
    /// Pixels along a side of a tile: 18 cells of 28 pixels.
    static let side = cells * ModelVectors.side

    let level: Int
    /// Its cells, row by row; `nil` behind the last picture and beyond the border of the map.
    private let content: [Int?]
    /// Row, column and a digest of the content: `12/3.0a1b2c3d4e`. A folder for each row keeps folders small.
    let name: String
    /// Path in the atlas.
    var path: String { "tiles/\(level)/\(name).jpg" }

    /// JPEG quality of the finest tiles, of which every pixel is visible, with colour at full resolution.
    private static let quality = 90
    private static let coarseQuality = 84

    /// - Parameter digests: of the picture in each cell.
    init(level: Int, column: Int, row: Int, of map: PictureMap, _ digests: [String]) {
        self.level = level
        let side = Self.cells << level
        content = (0..<side * side).map { place in
            let x = column * side + place % side
            let cell = (row * side + place / side) * map.columns + x
            return x < map.columns && cell < digests.count ? cell : nil
        }
        let parts =
            ["\(Self.quality)", "\(Self.coarseQuality)"]
            + content.map { $0.map { digests[$0] } ?? "" }
        name = "\(row)/\(column).\(Fingerprint(ofParts: parts).short)"
    }

    /// The JPEG file. Cells without a picture are grey.
    /// - Parameter picture: the picture in each cell.
    func jpeg(_ pictures: PictureSource, at picture: [Int]) throws -> [UInt8] {
        // Coarser than a quarter, pictures are drawn at a quarter first, or as one pixel each.
        let reduction = level < 3 ? 1 << level : level < 5 ? 4 : ModelVectors.side
        let pixel = ModelVectors.side / reduction
        let side = Self.cells << level
        let width = side * pixel
        var pixels = [UInt8](repeating: 128, count: width * width * 3)
        for (place, cell) in content.enumerated() {
            guard let cell else { continue }
            let vector = pictures.vector(picture[cell])
            let (left, top) = (place % side * pixel, place / side * pixel)
            for y in 0..<pixel {
                for x in 0..<pixel {
                    let start = ((top + y) * width + left + x) * 3
                    for channel in 0..<3 {
                        pixels[start + channel] = Self.mean(
                            of: vector, x * reduction, y * reduction, reduction, channel)
                    }
                }
            }
        }
        let whole = Picture(width: width, height: width, pixels: pixels)
        let tile = width == Self.side ? whole : whole.resized(width: Self.side, height: Self.side)
        return try tile.jpeg(
            quality: level == 0 ? Self.quality : Self.coarseQuality, fullChroma: level == 0)
    }

    /// The rounded mean of a square of pixels.
    private static func mean(
        of vector: [UInt8], _ left: Int, _ top: Int, _ side: Int, _ channel: Int
    ) -> UInt8 {
        var sum = 0
        for y in top..<top + side {
            let start = (y * ModelVectors.side + left) * 3 + channel
            for x in 0..<side { sum += Int(vector[start + 3 * x]) }
        }
        return UInt8((sum + side * side / 2) / (side * side))
    }
}

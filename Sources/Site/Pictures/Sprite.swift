import AtlasModel
import Fingerprint
import Raster

/// Many small pictures in one file, in a grid of 28 px tiles, row by row.
struct Sprite: Sendable {
    /// Index of the picture in each tile.
    let tiles: [Int]
    let columns: Int
    /// Path in the atlas, with a digest of the content.
    let path: String

    /// Side of a tile: the size of the pictures that the models compare.
    static let side = ModelVectors.side
    /// JPEG quality, with colour at full resolution, because every pixel of a 28 px tile is
    /// visible.
    static let quality = 92

    /// - Parameter name: of the file, without digest and extension.
    init(_ name: String, tiles: [Int], columns: Int, pictures: PictureSource) {
        self.tiles = tiles
        self.columns = columns
        // The file depends only on the vectors, so their digest is enough, and pages can be made
        // before the file is encoded.
        var parts = ["\(columns)", "\(Self.quality)"]
        for tile in tiles { parts.append(Fingerprint(of: pictures.vector(tile)).hex) }
        path = "sprites/\(name).\(Fingerprint(ofParts: parts).short).jpg"
    }

    var rows: Int { (tiles.count + columns - 1) / columns }
    var width: Int { columns * Self.side }
    var height: Int { rows * Self.side }

    /// The JPEG file. Unused tiles of the last row are white.
    func jpeg(_ pictures: PictureSource) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        for (place, tile) in tiles.enumerated() {
            let vector = pictures.vector(tile)
            let left = place % columns * Self.side
            let top = place / columns * Self.side
            for row in 0..<Self.side {
                let start = ((top + row) * width + left) * 3
                let line = vector[row * Self.side * 3..<(row + 1) * Self.side * 3]
                pixels.replaceSubrange(start..<start + Self.side * 3, with: line)
            }
        }
        return try Picture(width: width, height: height, pixels: pixels)
            .jpeg(quality: Self.quality, fullChroma: true)
    }
}

extension Sprite {
    /// Number of tiles in a band on the front page, across and down.
    static let bandColumns = 48
    static let bandRows = 3

    /// The band of a type: 144 pictures chosen evenly from `members`, sorted so that the band
    /// changes from dark to light; `nil` without pictures. With fewer pictures they repeat from the
    /// left.
    static func band(_ name: String, of members: [Int], pictures: PictureSource) -> Sprite? {
        guard !members.isEmpty else { return nil }
        let wanted = bandColumns * bandRows
        let count = min(wanted, members.count)
        let chosen = (0..<count).map { members[$0 * members.count / count] }
        let order = FlowingOrder.indices(chosen.map(pictures.vector)).map { chosen[$0] }
        // Filled column by column, so that the brightness changes along the band once and not in
        // each row.
        let tiles = (0..<wanted).map { place in
            let column = place % bandColumns
            let row = place / bandColumns
            return order[(column * bandRows + row) % count]
        }
        return Sprite(name, tiles: tiles, columns: bandColumns, pictures: pictures)
    }
}

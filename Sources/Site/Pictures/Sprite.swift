import AtlasModel
import Fingerprint
import Parallel
import Raster

/// Many small pictures in one file, in a grid of square tiles, row by row: model vectors, or the middle
/// squares of photographs.
struct Sprite: Sendable {
    /// Index of the picture in each tile.
    let tiles: [Int]
    let columns: Int
    /// Pixels along a side of a tile.
    let side: Int
    /// Path in the atlas, with a digest of the content.
    let path: String
    /// Whether the tiles are the middle squares of photographs.
    let isOfPhotographs: Bool

    /// JPEG quality of model vectors, with colour at full resolution, because every pixel of a 28 px
    /// tile is visible.
    private static let quality = 92
    /// JPEG quality of photographs.
    private static let photographQuality = 80
    /// Largest side of a photograph's tile: two pixels for each one of the page.
    static let photographSide = 112

    /// - Parameters:
    ///   - name: of the file, without digest and extension.
    ///   - photographs: all pictures of the edition, to show their middle squares; `nil` to show model
    ///     vectors. The tiles are as large as the largest of their squares, and at most 112 px.
    init(
        _ name: String, tiles: [Int], columns: Int, photographs: [ImageRecord]? = nil,
        pictures: PictureSource
    ) {
        self.tiles = tiles
        self.columns = columns
        isOfPhotographs = photographs != nil
        let settings: [String]
        if let photographs {
            let squares = tiles.map { min(photographs[$0].width, photographs[$0].height) }
            side = min(Self.photographSide, squares.max() ?? 1)
            settings =
                ["\(columns)", "\(side)", "\(Self.photographQuality)"]
                + tiles.map { "\(photographs[$0].byteCount)" }
        } else {
            side = ModelVectors.side
            settings = ["\(columns)", "\(Self.quality)"]
        }
        // A digest of the vectors is enough, and pages can be made before the file is encoded.
        path = Self.path(name, settings, tiles, pictures)
    }

    private static func path(
        _ name: String, _ settings: [String], _ tiles: [Int], _ pictures: PictureSource
    ) -> String {
        let parts = settings + tiles.map { Fingerprint(of: pictures.vector($0)).hex }
        return "sprites/\(name).\(Fingerprint(ofParts: parts).short).jpg"
    }

    var rows: Int { (tiles.count + columns - 1) / columns }
    var width: Int { columns * side }
    var height: Int { rows * side }

    /// The pixels of the whole sprite without a tile: white.
    var blank: [UInt8] { [UInt8](repeating: 255, count: width * height * 3) }

    /// The JPEG file of model vectors. Unused tiles of the last row are white.
    func jpeg(_ pictures: PictureSource) throws -> [UInt8] {
        var pixels = blank
        for (place, tile) in tiles.enumerated() {
            draw(pictures.vector(tile), at: place, in: &pixels)
        }
        return try jpeg(pixels: pixels)
    }

    /// Copies a tile to its place.
    /// - Parameters:
    ///   - square: `(side, side, 3)`, row-major.
    ///   - pixels: of the whole sprite, `(height, width, 3)`, row-major; in and out.
    func draw(_ square: [UInt8], at place: Int, in pixels: inout [UInt8]) {
        let left = place % columns * side
        let top = place / columns * side
        for row in 0..<side {
            let start = ((top + row) * width + left) * 3
            let line = square[row * side * 3..<(row + 1) * side * 3]
            pixels.replaceSubrange(start..<start + side * 3, with: line)
        }
    }

    /// The JPEG file.
    /// - Parameter pixels: `(height, width, 3)`, row-major.
    func jpeg(pixels: [UInt8]) throws -> [UInt8] {
        try Picture(width: width, height: height, pixels: pixels)
            .jpeg(
                quality: isOfPhotographs ? Self.photographQuality : Self.quality,
                fullChroma: !isOfPhotographs)
    }
}

extension Picture {
    /// The largest square in the middle of the picture, in a size of `side` × `side` pixels.
    ///
    ///     photograph.middleSquare(side: 112)
    ///     // of 4,000 × 3,000 pixels: columns 500 to 3,500, reduced to 112 × 112
    func middleSquare(side: Int) -> Picture {
        let square = min(width, height)
        return middle(mostWidth: square, mostHeight: square).resized(width: side, height: side)
    }
}

extension Sprite {
    /// Number of tiles in a band on the front page, across and down; of photographs, across.
    static let bandColumns = 48
    static let bandRows = 3
    static let photographColumns = 20

    /// The band of a type: pictures chosen evenly from `members`, 144 model vectors or 60 photographs,
    /// sorted so that the band changes from dark to light; `nil` without pictures. With fewer pictures
    /// they repeat from the left.
    /// - Parameter photographs: all pictures of the edition; `nil` to show model vectors.
    static func band(
        _ name: String, of members: [Int], photographs: [ImageRecord]? = nil,
        pictures: PictureSource
    ) -> Sprite? {
        guard !members.isEmpty else { return nil }
        let columns = photographs == nil ? bandColumns : photographColumns
        let wanted = columns * bandRows
        let count = min(wanted, members.count)
        let chosen = (0..<count).map { members[$0 * members.count / count] }
        let order = FlowingOrder.indices(chosen.map(pictures.vector)).map { chosen[$0] }
        // Filled column by column, so that the brightness changes along the band once and not in
        // each row.
        let tiles = (0..<wanted).map { place in
            let column = place % columns
            let row = place / columns
            return order[(column * bandRows + row) % count]
        }
        return Sprite(
            name, tiles: tiles, columns: columns, photographs: photographs, pictures: pictures)
    }
}

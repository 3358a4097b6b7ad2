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
    /// Side of the square of pixels that becomes one pixel, by level; one pixel for a whole picture in tiles
    /// that are coarser still. From the fourth level on, a drawing is larger than the tile, and reduced to it.
    private static let reductions = [1, 2, 4, 4, 7]

    private static func reduction(of level: Int) -> Int {
        level < reductions.count ? reductions[level] : ModelVectors.side
    }

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
            ["\(Self.quality)", "\(Self.coarseQuality)", "\(Self.reduction(of: level))"]
            + content.map { $0.map { digests[$0] } ?? "" }
        name = "\(row)/\(column).\(Fingerprint(ofParts: parts).short)"
    }

    /// The JPEG file. Cells without a picture are grey.
    /// - Parameter picture: the picture in each cell.
    func jpeg(_ pictures: PictureSource, at picture: [Int]) throws -> [UInt8] {
        let reduction = Self.reduction(of: level)
        let pixel = ModelVectors.side / reduction
        let side = Self.cells << level
        let width = side * pixel
        var pixels = [UInt8](repeating: 128, count: width * width * 3)
        pixels.withUnsafeMutableBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            for (place, cell) in content.enumerated() {
                guard let cell else { continue }
                let (left, top) = (place % side * pixel, place / side * pixel)
                pictures.vector(picture[cell]).withUnsafeBufferPointer { vector in
                    guard let vector = vector.baseAddress else { return }
                    Self.reduce(vector, by: reduction, to: pixels + (top * width + left) * 3, width)
                }
            }
        }
        let whole = Picture(width: width, height: width, pixels: pixels)
        let tile = width == Self.side ? whole : whole.resized(width: Self.side, height: Self.side)
        return try tile.jpeg(
            quality: level == 0 ? Self.quality : Self.coarseQuality, fullChroma: level == 0)
    }

    /// Draws a model vector: each pixel is the rounded mean of a square of `side` × `side` of its pixels.
    /// - Parameters:
    ///   - target: the upper left pixel, in rows of `width` pixels.
    private static func reduce(
        _ vector: UnsafePointer<UInt8>, by side: Int, to target: UnsafeMutablePointer<UInt8>,
        _ width: Int
    ) {
        let line = ModelVectors.side * 3
        let pixels = ModelVectors.side / side
        let area = UInt32(side * side)
        for y in 0..<pixels {
            let row = target + y * width * 3
            let from = vector + y * side * line
            guard side > 1 else {
                row.update(from: from, count: line)
                continue
            }
            for x in 0..<pixels {
                var sums = SIMD3<UInt32>(repeating: area / 2)
                for below in 0..<side {
                    let start = from + below * line + x * side * 3
                    for byte in stride(from: 0, to: side * 3, by: 3) {
                        sums &+= SIMD3(
                            UInt32(start[byte]), UInt32(start[byte + 1]), UInt32(start[byte + 2]))
                    }
                }
                for channel in 0..<3 { row[x * 3 + channel] = UInt8(sums[channel] / area) }
            }
        }
    }
}

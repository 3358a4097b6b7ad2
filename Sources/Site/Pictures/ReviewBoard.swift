import AtlasModel
import Fingerprint
import Parallel
import Raster

/// The picture file of a comparison: a grid of squares, three columns of panel A, then three of panel
/// B, best target first.
///
/// One file for both panels, because two files would differ in their names and sizes. Targets are turned
/// in it, so that the page does not tell how far. No name of it is shared with another comparison, so
/// nobody can count in how many panels a picture stands.
struct ReviewBoard {
    /// Columns of one panel.
    static let columns = 3

    /// Picture of the edition, and its rotation counter-clockwise in degrees; `nil` for an empty square.
    let squares: [(index: Int, rotation: Int)?]
    let format: ReviewFormat

    /// - Parameter index: of the picture with a key.
    init(
        _ comparison: ReviewPlan.Comparison, _ format: ReviewFormat, index: (String) -> Int
    ) {
        self.format = format
        let length = comparison.a.targets.count
        let rows = (length + Self.columns - 1) / Self.columns
        var squares: [(index: Int, rotation: Int)?] = []
        for row in 0..<rows {
            for panel in [comparison.a, comparison.b] {
                for place in row * Self.columns..<(row + 1) * Self.columns {
                    let target = place < length ? panel.targets[place] : nil
                    squares.append(target.map { (index($0.key), $0.rotation) })
                }
            }
        }
        self.squares = squares
    }

    /// - Parameter square: the picture at an index, upright, as a square of the side of the format.
    func bytes(_ square: (Int) throws -> Picture) throws -> [UInt8] {
        let side = format.side
        let width = 2 * Self.columns
        let height = squares.count / width
        var pixels = [UInt8](
            repeating: ReviewFormat.surround, count: width * height * side * side * 3)
        for (place, entry) in squares.enumerated() {
            guard let entry else { continue }
            let picture = try square(entry.index).turned(counterClockwise: entry.rotation)
            let left = place % width * side
            let top = place / width * side
            for row in 0..<side {
                let start = ((top + row) * width * side + left) * 3
                pixels.replaceSubrange(
                    start..<start + side * 3,
                    with: picture.pixels[row * side * 3..<(row + 1) * side * 3])
            }
        }
        return try format.encoded(
            Picture(width: width * side, height: height * side, pixels: pixels))
    }
}

/// Size and format of the squares of a trial: the same for all, so that neither tells anything.
struct ReviewFormat: Equatable {
    /// Side of a square in a board, in pixels.
    let side: Int
    /// Side of the square of a candidate.
    let candidateSide: Int
    /// Whether all pictures are so small that pages enlarge them pixel by pixel.
    let isSmall: Bool

    /// Raised when the same pictures give other files.
    static let revision = 1
    /// Grey level beside pictures that are no squares, in the middle between light and dark pages.
    static let surround: UInt8 = 0x88
    /// The largest square of a board: 20 pixels for each one of a model vector.
    private static let largest = 560
    private static let quality = 88
    /// Sides of the blocks of JPEG, so that no block belongs to two pictures.
    private static let block = 16

    /// - Parameter longest: longest side of all pictures that the trial shows.
    init(longest: Int) {
        isSmall = longest <= Layout.smallSide
        let whole = isSmall ? longest : (longest + Self.block - 1) / Self.block * Self.block
        side = min(whole, Self.largest)
        candidateSide = min(whole, 2 * Self.largest)
    }

    /// Small pictures without loss, because every pixel is visible.
    func encoded(_ picture: Picture) throws -> [UInt8] {
        isSmall ? try picture.png() : try picture.jpeg(quality: Self.quality)
    }

    var fileExtension: String { isSmall ? "png" : "jpg" }

    /// The whole picture of a stored file in the middle of a square, upright.
    /// - Parameter memory: shared by all threads.
    static func square(
        _ file: [UInt8], side: Int, memory: MemoryBudget?
    ) throws -> Picture {
        let decoded = try Picture.decode(
            file,
            PictureRequest(margin: 2, memory: memory) { width, height in
                let longest = max(width, height)
                func fitted(_ length: Int) -> Int {
                    max(1, (length * side + longest / 2) / longest)
                }
                return (fitted(width), fitted(height))
            })
        return decoded.picture.centred(in: side, surround: surround)
    }
}

extension Picture {
    /// The picture in the middle of a square of grey.
    /// - Precondition: no side is longer than `side`.
    fileprivate func centred(in side: Int, surround: UInt8) -> Picture {
        guard width != side || height != side else { return self }
        var all = [UInt8](repeating: surround, count: side * side * 3)
        let (left, top) = ((side - width) / 2, (side - height) / 2)
        for row in 0..<height {
            let start = ((top + row) * side + left) * 3
            all.replaceSubrange(
                start..<start + width * 3, with: pixels[row * width * 3..<(row + 1) * width * 3])
        }
        return Picture(width: side, height: side, pixels: all)
    }
}

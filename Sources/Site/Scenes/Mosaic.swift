import AtlasModel
import Fingerprint
import Raster

/// The picture of a scene: the model vectors of its tiles in their places.
struct Mosaic: Sendable {
    let scene: Scene
    let seams: SceneSeams

    /// Raised when the same scene gives another picture.
    private static let revision = 1

    /// Changes with everything that the picture is made from.
    func source(_ pictures: PictureSource) -> Fingerprint {
        var parts = ["mosaic", "\(Self.revision)", seams.rawValue]
        for tile in scene.tiles {
            parts += ["\(tile.top)", "\(tile.left)", "\(tile.symmetry.number)"]
            parts.append(Fingerprint(of: pictures.vector(tile.picture)).hex)
        }
        return Fingerprint(ofParts: parts)
    }

    /// The picture and, for each pixel, whether a tile shows it.
    ///
    /// A tile weighs, at each of its pixels, the product of the distances to its nearer edges, down
    /// and across: 14 · 14 at its middle, 1 at its corners. With sharp seams the heaviest tile is
    /// taken, of equally heavy ones the first.
    func drawn(_ pictures: PictureSource) -> (picture: Picture, isShown: [Bool]) {
        let (width, height, side) = (scene.width, scene.height, ModelVectors.side)
        var sums = [Int](repeating: 0, count: width * height * 3)
        var weights = [Int](repeating: 0, count: width * height)
        for tile in scene.tiles {
            let vector = pictures.vector(tile.picture)
            let sources = tile.symmetry.sources
            for pixel in 0..<side * side {
                let (row, column) = (pixel / side, pixel % side)
                let weight = min(row + 1, side - row) * min(column + 1, side - column)
                let place = (tile.top + row) * width + tile.left + column
                if seams == .sharp, weights[place] >= weight { continue }
                for channel in 0..<3 {
                    let value = Int(vector[sources[pixel * 3 + channel]]) * weight
                    sums[place * 3 + channel] =
                        value + (seams == .sharp ? 0 : sums[place * 3 + channel])
                }
                weights[place] = weight + (seams == .sharp ? 0 : weights[place])
            }
        }
        let pixels = sums.enumerated().map { place, sum in
            let weight = weights[place / 3]
            return weight == 0 ? 255 : UInt8((sum + weight / 2) / weight)
        }
        return (Picture(width: width, height: height, pixels: pixels), weights.map { $0 > 0 })
    }

    /// A PNG that is transparent where no tile lies.
    func png(_ pictures: PictureSource) throws -> [UInt8] {
        let (picture, isShown) = drawn(pictures)
        return try picture.png(showing: isShown)
    }
}

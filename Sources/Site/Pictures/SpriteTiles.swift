import Parallel
import Raster
import Synchronization

/// The tiles of sprites of photographs while they are made. A picture is decoded once for all sprites that
/// show it, and a sprite is encoded as soon as its last tile has come.
///
/// Only sprites that have some of their tiles and not all of them are in memory. Pictures in the order of the
/// plates leave few of these at a time.
final class SpriteTiles: Sendable {
    private let sprites: [Sprite]
    private let canvases: [Canvas]
    /// For each picture, the sprites that show it and its places there.
    private let places: [Int: [Place]]

    private struct Place {
        let sprite: Int
        var tiles: [Int]
    }

    /// The pixels of a sprite; `nil` before the first tile and after the last one.
    private final class Canvas: Sendable {
        let state: Mutex<(pixels: [UInt8]?, missing: Int)>

        init(missing: Int) { state = Mutex((nil, missing)) }
    }

    /// - Parameter sprites: of photographs.
    init(_ sprites: [Sprite]) {
        self.sprites = sprites
        canvases = sprites.map { Canvas(missing: $0.tiles.count) }
        var places: [Int: [Place]] = [:]
        for (number, sprite) in sprites.enumerated() {
            for (tile, picture) in sprite.tiles.enumerated() {
                // Tiles of a band repeat when a type has few pictures.
                if let last = places[picture]?.indices.last, places[picture]?[last].sprite == number
                {
                    places[picture]?[last].tiles.append(tile)
                } else {
                    places[picture, default: []].append(Place(sprite: number, tiles: [tile]))
                }
            }
        }
        self.places = places
    }

    /// Whether a sprite shows the picture at an index of the edition.
    func shows(_ picture: Int) -> Bool { places[picture] != nil }

    /// Puts the middle square of a picture into all sprites that show it.
    /// - Parameters:
    ///   - picture: index in the edition.
    ///   - decoded: the picture, upright, in its own proportions.
    ///   - finished: receives each sprite that is complete now, with its JPEG file.
    func add(
        _ picture: Int, _ decoded: Picture, finished: (Sprite, [UInt8]) throws -> Void
    ) throws {
        var squares: [Int: [UInt8]] = [:]
        for place in places[picture] ?? [] {
            let sprite = sprites[place.sprite]
            let square = squares[sprite.side] ?? decoded.middleSquare(side: sprite.side).pixels
            squares[sprite.side] = square
            let whole = canvases[place.sprite].state.withLock { state -> [UInt8]? in
                var pixels = state.pixels ?? sprite.blank
                state.pixels = nil
                for tile in place.tiles { sprite.draw(square, at: tile, in: &pixels) }
                state.missing -= place.tiles.count
                if state.missing == 0 { return pixels }
                state.pixels = pixels
                return nil
            }
            if let whole { try finished(sprite, try sprite.jpeg(pixels: whole)) }
        }
    }
}

extension PictureRequest {
    /// A photograph for its tile in a sprite.
    static func tile(memory: MemoryBudget?) -> PictureRequest {
        .shorterSide(Sprite.photographSide, memory: memory)
    }
}

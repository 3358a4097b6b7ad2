import AtlasModel
import Fingerprint
import Parallel

/// The map of an edition: which picture is in which cell, and the tiles that show them at several zooms.
struct MapLayout: Sendable {
    let map: PictureMap
    /// For each cell the picture in it.
    let pictures: [Int]
    /// The tiles of each level, finest first. A tile of level k shows 18 · 2ᵏ cells along its side, and
    /// one tile of the last level shows all.
    let levels: [Level]

    /// The tiles of one level, row by row.
    struct Level: Sendable {
        let columns: Int
        let tiles: [MapTile]
    }

    init(_ map: PictureMap, pictures source: PictureSource, workers: Workers) throws {
        self.map = map
        var pictures = [Int](repeating: 0, count: map.cells.count)
        for (picture, cell) in map.cells.enumerated() { pictures[cell] = picture }
        self.pictures = pictures
        let order = pictures
        let digests = try workers.map(order.count, chunk: 256) {
            Fingerprint(of: source.vector(order[$0])).hex
        }
        var levels: [Level] = []
        repeat {
            let side = MapTile.cells << levels.count
            let columns = (map.columns + side - 1) / side
            let rows = (map.rows + side - 1) / side
            let number = levels.count
            levels.append(
                Level(
                    columns: columns,
                    tiles: try workers.map(columns * rows) { place in
                        MapTile(
                            level: number, column: place % columns, row: place / columns,
                            of: map, digests)
                    }))
        } while levels[levels.count - 1].tiles.count > 1
        self.levels = levels
    }

    var tiles: [MapTile] { levels.flatMap(\.tiles) }
}

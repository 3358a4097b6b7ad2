import AtlasModel
import RandomNumbers

/// Ground that is cut into tiles at known places.
struct CutGround {
    let width: Int
    let height: Int
    /// `(height, width, 3) uint8`.
    let pixels: [UInt8]

    /// Noise of several scales, as unlike itself as ground of rock is.
    init(width: Int, height: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var values = [Double](repeating: 128, count: width * height * 3)
        for cell in [2, 5, 11] {
            let columns = width / cell + 2
            let grid = (0..<columns * (height / cell + 2) * 3).map { _ in
                random.uniform(-40...40)
            }
            for place in values.indices {
                let (row, column) = (place / 3 / width / cell, place / 3 % width / cell)
                values[place] += grid[(row * columns + column) * 3 + place % 3]
            }
        }
        self.width = width
        self.height = height
        pixels = values.map { UInt8(max(0, min(255, $0))) }
    }

    /// The model vector of the tile whose corner is at a place, as a camera turned by the inverse of
    /// `symmetry` sees it, so that `symmetry` turns it back.
    func tile(top: Int, left: Int, _ symmetry: SquareSymmetry = .identity) -> [UInt8] {
        let side = ModelVectors.side
        let upright = (top..<top + side).flatMap { row -> ArraySlice<UInt8> in
            let start = (row * width + left) * 3
            return pixels[start..<start + side * 3]
        }
        return symmetry.inverse.sources.map { upright[$0] }
    }
}

/// Tiles at known places, and their pairs.
struct CutTiles {
    var tops: [Int] = []
    var lefts: [Int] = []
    var symmetries: [SquareSymmetry] = []
    var vectors: [UInt8] = []

    mutating func add(_ ground: CutGround, top: Int, left: Int, _ symmetry: SquareSymmetry) {
        tops.append(top)
        lefts.append(left)
        symmetries.append(symmetry)
        vectors += ground.tile(top: top, left: left, symmetry)
    }

    /// The pair of two tiles as `PicturePair` defines it. Tile a is seen upright after its symmetry, so
    /// everything is turned back by the inverse of that.
    func pair(_ a: Int, _ b: Int, correlation: Double = 0.99) -> PicturePair {
        let back = symmetries[a].inverse
        let step = back.applied(toDown: tops[b] - tops[a], right: lefts[b] - lefts[a])
        return PicturePair(
            a: a, b: b, kind: .ground, down: step.down, right: step.right,
            turn: back.after(symmetries[b]).number, correlation: correlation)
    }

    /// The pairs of all tiles that are shifted by at most half a side.
    var pairs: [PicturePair] {
        tops.indices.flatMap { a in
            (a + 1..<max(a + 1, tops.count)).compactMap { b in
                max(abs(tops[a] - tops[b]), abs(lefts[a] - lefts[b])) <= 14 ? pair(a, b) : nil
            }
        }
    }

    /// Largest distance in pixels, along either axis, between the tiles of a scene and where they were
    /// cut, seen from its first tile; `nil` if one is turned otherwise.
    func error(of scene: AtlasModel.Scene) -> Int? {
        let first = scene.tiles[0]
        // What turns the ground to how the scene shows it.
        let turn = first.symmetry.after(symmetries[first.picture].inverse)
        var largest = 0
        for tile in scene.tiles {
            guard tile.symmetry == turn.after(symmetries[tile.picture]) else { return nil }
            let step = turn.applied(
                toDown: tops[tile.picture] - tops[first.picture],
                right: lefts[tile.picture] - lefts[first.picture])
            largest = max(
                largest, abs(tile.top - first.top - step.down),
                abs(tile.left - first.left - step.right))
        }
        return largest
    }
}

extension PictureGroups {
    /// The groups that pairs connect.
    init(count: Int, pairs: [PicturePair]) {
        var first = Array(0..<count)
        var isChanged = true
        while isChanged {
            isChanged = false
            for pair in pairs where first[pair.a] != first[pair.b] {
                let least = min(first[pair.a], first[pair.b])
                (first[pair.a], first[pair.b]) = (least, least)
                isChanged = true
            }
        }
        self.init(pairs: pairs.sorted { ($0.a, $0.b) < ($1.a, $1.b) }, first: first)
    }
}

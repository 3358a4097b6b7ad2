import AtlasModel
import RandomNumbers
import Raster
import Testing

@testable import Site

@Suite struct FlowingOrderTests {
    /// 20 vectors of 48 bytes from SplitMix64, seed 7; the order from NumPy 2: projections
    /// `U[:, 0] * S[0]` of the centred matrix by `numpy.linalg.svd`, sign so that they rise with the
    /// sum of the vector, `argsort`.
    @Test func `Pictures are ordered by their first principal component`() {
        var random = SplitMix64(seed: 7)
        let vectors = (0..<20).map { _ in (0..<48).map { _ in UInt8(random.next() % 256) } }
        #expect(
            FlowingOrder.indices(vectors)
                == [7, 14, 8, 3, 15, 2, 16, 19, 18, 11, 0, 4, 12, 6, 5, 1, 13, 9, 10, 17])
    }

    @Test func `Flat greys run from dark to light`() {
        let vectors = [200, 10, 90, 255, 40].map { [UInt8](repeating: $0, count: 12) }
        #expect(FlowingOrder.indices(vectors) == [1, 4, 2, 0, 3])
    }

    @Test func `Equal pictures keep their order`() {
        #expect(
            FlowingOrder.indices([[UInt8]](repeating: [1, 2, 3], count: 5)) == [0, 1, 2, 3, 4])
        #expect(FlowingOrder.indices([]) == [])
        #expect(FlowingOrder.indices([[9], [3]]) == [1, 0])
    }
}

@Suite struct SpriteTests {
    private static let greys = PictureSource(
        vector: { [UInt8](repeating: UInt8($0 * 5 % 256), count: ModelVectors.length) },
        file: { _ in [] })

    @Test func `A picture stands in its tile, the rest of the last row is white`() throws {
        let sprite = Sprite("wall", tiles: Array(0..<40), columns: 36, pictures: Self.greys)
        #expect(sprite.rows == 2)
        let picture = try Picture(decoding: try sprite.jpeg(Self.greys))
        #expect(picture.width == 1008)
        #expect(picture.height == 56)
        for (tile, grey) in [(0, 0), (35, 175), (36, 180), (39, 195), (40, 255), (71, 255)] {
            let x = tile % 36 * 28 + 14
            let y = tile / 36 * 28 + 14
            let found = Int(picture.pixels[(y * 1008 + x) * 3])
            // JPEG at quality 92 keeps a flat field within a few levels.
            #expect(abs(found - grey) <= 3, "tile \(tile)")
        }
    }

    @Test func `Its name follows from what is in it`() {
        let one = Sprite("wall", tiles: [1, 2], columns: 36, pictures: Self.greys)
        let same = Sprite("wall", tiles: [1, 2], columns: 36, pictures: Self.greys)
        let other = Sprite("wall", tiles: [2, 1], columns: 36, pictures: Self.greys)
        #expect(one.path == same.path)
        #expect(one.path != other.path)
        #expect(one.path.wholeMatch(of: /sprites\/wall\.[0-9a-f]{10}\.jpg/) != nil)
    }

    /// Three bands of colour beside each other, red, green and blue, or one below the other.
    private static func stripes(_ width: Int, _ height: Int, across: Bool) throws -> [UInt8] {
        let colours: [[UInt8]] = [[220, 20, 20], [20, 200, 20], [20, 20, 220]]
        let pixels = (0..<height).flatMap { y in
            (0..<width).flatMap { x in colours[across ? x * 3 / width : y * 3 / height] }
        }
        return try Picture(width: width, height: height, pixels: pixels).png()
    }

    private static func record(_ width: Int, _ height: Int, bytes: Int) -> ImageRecord {
        ImageRecord(
            key: "gneiss/a", label: 0, path: "", width: width, height: height, byteCount: bytes,
            format: .png, split: .train, digest: "")
    }

    @Test func `A tile of a photograph shows the square in its middle, and nothing is stretched`()
        throws
    {
        let files = [
            try Self.stripes(360, 120, across: true), try Self.stripes(90, 270, across: false),
        ]
        let source = PictureSource(
            vector: { [UInt8](repeating: UInt8($0), count: ModelVectors.length) },
            file: { files[$0] })
        let sprite = Sprite(
            "band", tiles: [0, 1], columns: 2,
            photographs: [Self.record(360, 120, bytes: 1), Self.record(90, 270, bytes: 2)],
            pictures: source)
        #expect((sprite.side, sprite.width, sprite.height) == (112, 224, 112))
        let tiles = SpriteTiles([sprite])
        #expect(try Self.finished(tiles, 1, files[1]).isEmpty)
        let whole = try #require(try Self.finished(tiles, 0, files[0]).first)
        let picture = try Picture(decoding: whole.jpeg)
        for (x, y) in [(4, 4), (107, 107), (56, 56), (118, 6), (219, 105), (168, 56)] {
            let pixel = picture.pixels[(y * 224 + x) * 3..<(y * 224 + x) * 3 + 3].map(Int.init)
            #expect(zip(pixel, [20, 200, 20]).allSatisfy { abs($0 - $1) < 12 }, "\(x), \(y)")
        }
    }

    /// The sprites that are complete with a picture.
    private static func finished(_ tiles: SpriteTiles, _ picture: Int, _ file: [UInt8]) throws -> [(
        path: String, jpeg: [UInt8]
    )] {
        var found: [(String, [UInt8])] = []
        try tiles.add(picture, try Picture(decoding: file)) { found.append(($0.path, $1)) }
        return found
    }

    @Test func `A picture fills its tiles in all sprites that show it, also repeated ones`() throws
    {
        let images = [Self.record(40, 40, bytes: 1), Self.record(40, 40, bytes: 2)]
        func sprite(_ name: String, _ tiles: [Int]) -> Sprite {
            Sprite(name, tiles: tiles, columns: 2, photographs: images, pictures: Self.greys)
        }
        let tiles = SpriteTiles([sprite("both", [1, 0]), sprite("second", [1, 1, 1])])
        #expect(tiles.shows(0) && !tiles.shows(2))
        func grey(_ value: UInt8) throws -> [UInt8] {
            try Picture(
                width: 40, height: 40, pixels: [UInt8](repeating: value, count: 40 * 40 * 3)
            ).png()
        }
        let first = try Self.finished(tiles, 1, try grey(60))
        #expect(first.map { $0.path.prefix(14) } == ["sprites/second"])
        let last = try Self.finished(tiles, 0, try grey(200))
        #expect(last.map { $0.path.prefix(12) } == ["sprites/both"])
        // Three of four tiles are grey; the unused one stays white.
        func values(_ jpeg: [UInt8]) throws -> [UInt8] {
            let picture = try Picture(decoding: jpeg)
            return [(20, 20), (60, 20), (20, 60), (60, 60)].compactMap { x, y in
                y < picture.height ? picture.pixels[(y * picture.width + x) * 3] : nil
            }
        }
        #expect(try values(first[0].jpeg) == [60, 60, 60, 255])
        #expect(try values(last[0].jpeg) == [60, 200])
    }

    @Test(arguments: [
        (4_000, 3_000, true), (210, 210, false), (630, 340, true), (560, 300, true),
        (600, 1_200, false),
        (6_000, 1_000, false),
    ])
    func `A tile is made from a thumbnail that has 112 pixels`(
        width: Int, height: Int, isEnough: Bool
    ) {
        // 600 × 1,200 are reduced to 105 × 210, and 6,000 × 1,000 to 630 × 105. A picture of 210 × 210 pixels has
        // no thumbnail.
        #expect(
            Thumbnail.isEnoughForTile(Thumbnail.size(width: width, height: height)) == isEnough)
    }

    @Test func `Tiles are no larger than the squares of the photographs`() {
        let sprite = Sprite(
            "band", tiles: [0, 1], columns: 2,
            photographs: [Self.record(80, 60, bytes: 1), Self.record(90, 70, bytes: 2)],
            pictures: Self.greys)
        #expect(sprite.side == 70)
    }

    @Test func `A band of photographs has 20 × 3 tiles`() throws {
        let images = (0..<70).map { Self.record(300, 200, bytes: $0) }
        let band = try #require(
            Sprite.band(
                "b", of: Array(0..<70), photographs: images, pictures: Self.greys))
        #expect((band.tiles.count, band.columns, Set(band.tiles).count) == (60, 20, 60))
    }

    @Test func `A band flows along its length and fills its 48 × 3 tiles`() throws {
        let members = Array(stride(from: 50, through: 0, by: -1))
        let band = try #require(Sprite.band("b", of: members, pictures: Self.greys))
        #expect(band.tiles.count == 144)
        // 51 pictures fill 17 columns from dark to light, and then repeat.
        #expect((0..<17).map { band.tiles[$0] } == stride(from: 0, through: 48, by: 3).map { $0 })
        #expect(band.tiles[48] == 1)
        #expect(band.tiles[96] == 2)
        #expect(band.tiles[17] == 0)
        #expect(Sprite.band("b", of: [], pictures: Self.greys) == nil)
    }
}

@Suite struct ThumbnailTests {
    @Test(arguments: [
        (28, 28, nil as [Int]?), (210, 210, nil), (630, 210, nil), (224, 224, [210, 210]),
        (4_032, 3_024, [280, 210]), (300, 400, [158, 210]), (2_000, 200, [630, 63]),
        (631, 100, [630, 100]), (10, 90_000, [1, 210]),
    ]) func `It is 210 px high, at most three times as wide, and never larger than the picture`(
        width: Int, height: Int, expected: [Int]?
    ) {
        let size = Thumbnail.size(width: width, height: height)
        #expect(size.map { [$0.width, $0.height] } == expected)
    }

    @Test func `It is decoded at the promised size`() throws {
        let original = try TinyEdition.pictures.file(try #require(index(of: "gneiss/P1")))
        let picture = try Picture(decoding: try Thumbnail.jpeg(of: original))
        #expect([picture.width, picture.height] == [280, 210])
    }

    private func index(of key: String) -> Int? {
        TinyEdition.images.firstIndex { $0.key == key }
    }
}

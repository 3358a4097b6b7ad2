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

import AtlasModel
import Parallel
import RandomNumbers
import Testing

@testable import Grouping

/// Expected places are those at which the tiles were cut.
@Suite struct SceneTests {
    private let ground = CutGround(width: 200, height: 160, seed: 1)

    /// 13 rows of 17 tiles, 10 pixels apart, each moved at random by up to 2 pixels either way: each tile
    /// makes pairs with those around it.
    private func tiles(seed: UInt64, turned: Bool = false) -> CutTiles {
        var random = SplitMix64(seed: seed)
        var tiles = CutTiles()
        for place in 0..<Self.count {
            tiles.add(
                ground, top: 2 + place / 17 * 10 + random.below(5) - 2,
                left: 2 + place % 17 * 10 + random.below(5) - 2,
                turned ? SquareSymmetry(random.below(8)) : .identity)
        }
        return tiles
    }

    private static let count = 13 * 17

    private func scenes(_ tiles: CutTiles, _ pairs: [PicturePair], workers: Int = 2) throws
        -> [AtlasModel.Scene]
    {
        try PictureGroups(count: tiles.tops.count, pairs: pairs)
            .scenes(ModelVectors(bytes: tiles.vectors), workers: Workers(workers))
    }

    @Test(arguments: [false, true])
    func `Tiles are put where they were cut, turned and mirrored ones too`(turned: Bool) throws {
        let tiles = tiles(seed: 2, turned: turned)
        let scenes = try scenes(tiles, tiles.pairs)
        #expect(scenes.map(\.tiles.count) == [Self.count])
        #expect(scenes.map(tiles.error) == [0])
        #expect(scenes.map(\.contradicting) == [0])
        #expect(scenes[0].residual < 1e-9)
        #expect((scenes[0].tiles.map(\.top).min(), scenes[0].tiles.map(\.left).min()) == (0, 0))
    }

    @Test(arguments: 1...8)
    func `Wrong pairs among right ones are left out`(seed: UInt64) throws {
        let tiles = tiles(seed: seed, turned: true)
        var random = SplitMix64(seed: 100 + seed)
        let right = tiles.pairs
        // One pair in ten is wrong, and looks better than the right ones.
        var wrong: [PicturePair] = []
        while wrong.count < right.count / 10 {
            let (a, b) = (random.below(Self.count), random.below(Self.count))
            guard a < b, !(right + wrong).contains(where: { ($0.a, $0.b) == (a, b) })
            else { continue }
            wrong.append(
                PicturePair(
                    a: a, b: b, kind: .ground, down: random.below(15) - 7,
                    right: random.below(15) - 7, turn: random.below(8), correlation: 0.999))
        }
        let scenes = try scenes(tiles, right + wrong)
        #expect(scenes.map(\.tiles.count) == [Self.count])
        #expect(scenes.map(tiles.error) == [0])
        #expect(scenes[0].contradicting == wrong.count)
    }

    @Test func `Two grounds that only a wrong pair connects are two scenes`() throws {
        var tiles = CutTiles()
        let other = CutGround(width: 60, height: 60, seed: 9)
        for place in 0..<9 {
            tiles.add(ground, top: place / 3 * 8, left: place % 3 * 8, .identity)
        }
        for place in 0..<6 {
            tiles.add(other, top: place / 3 * 8, left: place % 3 * 8, .identity)
        }
        let own = tiles.pairs.filter { $0.a < 9 && $0.b < 9 || $0.a >= 9 && $0.b >= 9 }
        let wrong = PicturePair(a: 4, b: 10, kind: .ground, down: 3, right: 2, correlation: 1)
        let scenes = try scenes(tiles, own + [wrong])
        #expect(scenes.map { $0.tiles.map(\.picture) } == [Array(0..<9), Array(9..<15)])
        #expect(scenes.map(tiles.error) == [0, 0])
    }

    @Test func `Offsets of which one in five is off by a pixel give places within one`() throws {
        let tiles = tiles(seed: 3)
        var random = SplitMix64(seed: 4)
        let blurred = tiles.pairs.enumerated().map { number, pair in
            guard number % 5 == 0 else { return pair }
            return PicturePair(
                a: pair.a, b: pair.b, kind: .ground, down: pair.down + random.below(3) - 1,
                right: pair.right + random.below(3) - 1, turn: pair.turn, correlation: 0.99)
        }
        let scene = try #require(try scenes(tiles, blurred).first)
        #expect(scene.tiles.count == Self.count)
        #expect(tiles.error(of: scene) ?? 99 <= 1)
        // Errors of −1, 0 and 1 along both axes have a mean square of 4/3, in one offset of five. The
        // positions take up a part of it.
        #expect(scene.residual > 0.2 && scene.residual < (4.0 / 15).squareRoot())
    }

    @Test func `Fewer than four pictures, and copies at one place, are no scene`() throws {
        var three = CutTiles()
        for place in 0..<3 { three.add(ground, top: place, left: 0, .identity) }
        #expect(try scenes(three, three.pairs).isEmpty)
        var copies = CutTiles()
        for _ in 0..<5 { copies.add(ground, top: 3, left: 3, .identity) }
        #expect(try scenes(copies, copies.pairs).isEmpty)
        #expect(try PictureGroups.none(count: 0).scenes(ModelVectors(bytes: [])).isEmpty)
    }

    @Test func `Pictures of one specimen are no scene`() throws {
        let tiles = tiles(seed: 5)
        let pairs = (1..<30).map {
            PicturePair(a: 0, b: $0, kind: .specimen, correlation: .nan)
        }
        #expect(try scenes(tiles, pairs).isEmpty)
    }

    @Test func `The result does not depend on the number of threads`() throws {
        var tiles = tiles(seed: 6, turned: true)
        for seed in 20..<30 as Range<UInt64> {
            let other = CutGround(width: 80, height: 80, seed: seed)
            for place in 0..<9 {
                tiles.add(other, top: place / 3 * 10, left: place % 3 * 10, .identity)
            }
        }
        let own = tiles.pairs.filter { pair in
            max(0, pair.a - Self.count + 9) / 9 == max(0, pair.b - Self.count + 9) / 9
        }
        let one = try scenes(tiles, own, workers: 1)
        #expect(one.count == 11)
        #expect(try scenes(tiles, own, workers: 5) == one)
    }
}

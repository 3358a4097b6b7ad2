import AtlasModel
import Parallel
import Testing

@testable import Grouping

@Suite struct GroupSearchTests {
    /// The groups of pictures; a picture has the digest of an earlier one that it is equal to, turned
    /// or mirrored.
    private func groups(_ pictures: [[UInt8]], specimens: [String] = []) throws -> PictureGroups {
        let vectors = ModelVectors(pictures)
        let digests = (0..<vectors.count).map { index in
            let forms = Set((0..<8).map { vectors.transformed(index, by: $0) })
            return "\((0..<vectors.count).first { forms.contains(Array(vectors[$0])) } ?? index)"
        }
        return try GroupSearch(
            vectors, digests: digests,
            specimens: specimens.isEmpty ? pictures.map { _ in "" } : specimens
        ).groups(workers: Workers(1))
    }

    @Test func `Pictures of one scene are a group, also those that do not overlap themselves`()
        throws
    {
        let (scene, other) = (Scene(seed: 1), Scene(seed: 2))
        let groups = try groups([
            scene.cut(10, 10), other.cut(10, 10), scene.cut(16, 10), scene.cut(22, 10),
            other.cut(40, 40),
        ])
        #expect(groups.first == [0, 1, 0, 0, 4])
        #expect(
            groups.pairs.map { [$0.a, $0.b, $0.down, $0.right] } == [[0, 2, 6, 0], [2, 3, 6, 0]])
        #expect(groups.pairs.allSatisfy { $0.kind == .ground })
    }

    @Test(
        "An equal picture is told with the turn that lays it over the first one",
        arguments: 0..<ModelVectors.symmetries)
    func turn(_ symmetry: Int) throws {
        let picture = Scene(seed: 1).cut(0, 0)
        let turned = ModelVectors([picture]).transformed(0, by: symmetry)
        let pair = try #require(try groups([picture, turned]).pairs.first)
        #expect(pair.kind == .identical)
        #expect(pair.correlation == 1)
        #expect(ModelVectors([turned]).transformed(0, by: pair.turn) == picture)
    }

    @Test func `An equal picture belongs to the scene of the first one`() throws {
        let scene = Scene(seed: 1)
        let groups = try groups([scene.cut(10, 10), scene.cut(16, 10), scene.cut(16, 10)])
        #expect(groups.first == [0, 0, 0])
        #expect(groups.pairs.map(\.kind) == [.ground, .identical])
    }

    @Test func `Pictures of a specimen are a group, and others without a name are not`() throws {
        let scene = Scene(seed: 1, side: 160)
        let groups = try groups(
            [scene.cut(0, 0), scene.cut(40, 0), scene.cut(80, 0), scene.cut(120, 0)],
            specimens: ["", "MU-17", "", "MU-17"])
        #expect(groups.first == [0, 1, 2, 1])
        #expect(groups.pairs.map(\.kind) == [.specimen])
        #expect(groups.pairs.map(\.correlation.isNaN) == [true])
    }

    @Test func `A smooth gradient is no common ground`() throws {
        // The two correlate by 1 at every shift.
        let groups = try groups([
            ModelVectors.picture { row, column in 40 + 3 * row + column },
            ModelVectors.picture { row, column in 42 + 3 * row + column },
        ])
        #expect(groups.pairs.isEmpty)
    }

    @Test
    func `An edge is common ground but connects nothing, because the shift along it is unknown`()
        throws
    {
        let groups = try groups([
            ModelVectors.picture { _, column in column < 14 ? 60 : 180 },
            ModelVectors.picture { _, column in column < 12 ? 61 : 180 },
        ])
        #expect(groups.pairs.map(\.kind) == [.ground])
        #expect(groups.first == [0, 1])
    }

    @Test func `Without pictures there are no groups`() throws {
        #expect(try groups([]) == PictureGroups.none(count: 0))
    }
}

@Suite struct GroundForestTests {
    private let scene = Scene(seed: 1)
    private let other = Scene(seed: 2)

    private func pair(_ a: Int, _ b: Int, _ down: Int, _ right: Int) -> GroundPair {
        GroundPair(
            a: a, b: b, shift: Shift(down: down, right: right), correlation: 0.99, contrast: 20)
    }

    @Test func `A pair that contradicts the shifts of a chain does not fit`() {
        var forest = GroundForest(
            ModelVectors([scene.cut(10, 10), scene.cut(16, 10), scene.cut(22, 10)]))
        let pairs = [pair(0, 1, 6, 0), pair(1, 2, 6, 0), pair(0, 2, 6, 0), pair(0, 2, 12, 1)]
        let fits = pairs.map { forest.connect($0) }
        #expect(fits == [true, true, false, true])
    }

    @Test func `Scenes that differ where a pair lays them over each other stay apart`() {
        // Picture 3 is of another scene than the three before it.
        let vectors = ModelVectors([
            scene.cut(10, 10), scene.cut(16, 10), scene.cut(22, 10), other.cut(10, 10),
        ])
        var forest = GroundForest(vectors)
        let pairs = [pair(0, 1, 6, 0), pair(1, 3, 6, 0), pair(1, 2, 6, 0), pair(2, 3, -3, 0)]
        let fits = pairs.map { forest.connect($0) }
        #expect(fits == [true, false, true, false])
    }
}

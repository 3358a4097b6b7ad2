import AtlasModel
import Parallel
import Testing

@testable import Grouping

@Suite struct GroupSearchTests {
    /// The groups of pictures; a picture has the digest of an earlier one that it is equal to, turned
    /// or mirrored.
    /// - Parameters:
    ///   - side: of the pictures in pixels.
    ///   - details: the pictures at 96 × 96 pixels, if their side is 56 or more.
    private func groups(
        _ pictures: [[UInt8]], specimens: [String] = [], side: Int = 28, details: [[UInt8]] = []
    ) throws -> PictureGroups {
        let vectors = ModelVectors(pictures)
        let images = (0..<vectors.count).map { index in
            let forms = Set((0..<8).map { vectors.transformed(index, by: $0) })
            let first = (0..<vectors.count).first { forms.contains(Array(vectors[$0])) }
            return ImageRecord(
                key: "gneiss/\(index)", label: 0, path: "\(index).png", width: side, height: side,
                byteCount: 1, format: .png, split: .train, digest: "\(first ?? index)")
        }
        return try GroupSearch(
            GroupingInput(
                vectors, images: images,
                specimens: specimens.isEmpty ? pictures.map { _ in "" } : specimens,
                detail: { details[$0] })
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

    @Test func `A smooth gradient is no common ground and no copy`() throws {
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

    @Test func `A brighter copy of a picture is found with its turn`() throws {
        let vector = ModelVectors([Scene(seed: 1).cut(0, 0)])
        let copy = ModelVectors([vector.transformed(0, by: 6).map { UInt8(Int($0) * 11 / 12 + 3) }])
        let pair = try #require(try groups([Array(vector[0]), Array(copy[0])]).pairs.first)
        #expect(pair.kind == .copy)
        #expect(pair.correlation > 0.999)
        // Turned back, the copy has the blots of the picture where the picture has them.
        let back = copy.transformed(0, by: pair.turn)
        #expect(zip(back, vector[0]).allSatisfy { abs(Int($0) - Int($1)) <= 20 })
    }

    @Test func `Large pictures are copies only if their details are alike too`() throws {
        let (scene, other) = (Scene(seed: 1), Scene(seed: 2))
        let vector = scene.cut(0, 0)
        func grouped(_ details: [[UInt8]]) throws -> [PairKind] {
            try groups([vector, vector.map { $0 / 2 + 20 }], side: 96, details: details).pairs
                .map(\.kind)
        }
        #expect(try grouped([scene.square(96), scene.square(96)]) == [.copy])
        #expect(try grouped([scene.square(96), other.square(96)]) == [])
        #expect(
            try grouped([[UInt8]](repeating: [UInt8](repeating: 7, count: 96 * 96 * 3), count: 2))
                == [])
    }

    @Test func `Pictures of another shape are no copies`() throws {
        let gradient = ModelVectors.picture { row, column in 40 + 3 * row + column }
        let square = Scene(seed: 1).square(96)
        let images = [(100, 60), (100, 70), (60, 100)].map { width, height in
            ImageRecord(
                key: "gneiss/\(width)-\(height)", label: 0, path: "a.png", width: width,
                height: height, byteCount: 1, format: .png, split: .train,
                digest: "\(width) \(height)")
        }
        let input = GroupingInput(
            ModelVectors([gradient, gradient, gradient]), images: images,
            specimens: ["", "", ""], detail: { _ in square })
        #expect(!input.haveOneShape(0, 1, turn: 0))
        #expect(!input.haveOneShape(0, 2, turn: 0))
        #expect(input.haveOneShape(0, 2, turn: 5))
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

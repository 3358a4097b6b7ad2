import AtlasModel
import Foundation
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
        _ pictures: [[UInt8]], specimens: [String] = [], side: Int = 28, details: [[UInt8]] = [],
        verdicts: [DuplicateVerdict] = []
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
                verdicts: verdicts, detail: { details[$0] })
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

    @Test func `A pair that is no duplicate by a verdict connects nothing, and is told apart`()
        throws
    {
        let scene = Scene(seed: 1)
        let pictures = [scene.cut(10, 10), scene.cut(10, 10), scene.cut(16, 10)]
        let groups = try groups(
            pictures, verdicts: [DuplicateVerdict(1, 0, isDuplicate: false)])
        #expect(groups.first == [0, 1, 0])
        #expect(groups.pairs.map(\.kind) == [.ground])
        #expect(groups.denied.map { [$0.a, $0.b] } == [[0, 1]])
        #expect(groups.denied.map(\.kind) == [.identical])
        let ground = try self.groups(
            pictures, verdicts: [DuplicateVerdict(0, 2, isDuplicate: false)])
        #expect(ground.first == [0, 0, 2])
        #expect(ground.denied.map(\.kind) == [.ground])
    }

    @Test func `A duplicate by a verdict connects, in the turn in which the two are most alike`()
        throws
    {
        let (scene, other) = (Scene(seed: 1), Scene(seed: 2))
        let picture = other.cut(0, 0)
        // Mirrored, and so noisy that it is no copy.
        let mirrored = ModelVectors([picture]).transformed(0, by: 4).enumerated().map {
            $0 % 2 == 0 ? $1 : UInt8(128)
        }
        let pictures = [scene.cut(0, 0), picture, mirrored]
        #expect(try groups(pictures).pairs.isEmpty)
        let groups = try groups(pictures, verdicts: [DuplicateVerdict(1, 2, isDuplicate: true)])
        #expect(groups.first == [0, 1, 1])
        let pair = try #require(groups.pairs.first)
        #expect(pair.kind == .copy)
        #expect(ModelVectors.symmetries > pair.turn && pair.turn >= 4)
        #expect(groups.denied.isEmpty)
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

    /// Correlations with the plain edge by NumPy: 0.9961 and 0.9848.
    @Test(arguments: [(noise: 1, pairs: 1), (noise: 2, pairs: 0)])
    func `Edges have to agree better than what has one place only`(noise: Int, pairs: Int) throws {
        let groups = try groups([
            ModelVectors.picture { _, column in column < 14 ? 74 : 146 },
            ModelVectors.picture { row, column in
                (column < 12 ? 74 : 146) + noise * ((row * 7 + column * 13) % 11 - 5)
            },
        ])
        #expect(groups.pairs.count == pairs)
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

    /// Smooth enough that a shift by a pixel hardly changes it.
    private static func waves(down: Double) -> [UInt8] {
        ModelVectors.picture { row, column in
            let (y, x) = (Double(row) + down, Double(column))
            return Int(128 + 50 * sin((y + 0.3 * x) / 7) + 40 * sin((x - 0.2 * y) / 6 + 1))
        }
    }

    @Test(arguments: [(0.0, PairKind.copy), (1, .ground)])
    func `A small picture that is more alike after a shift is no copy`(
        down: Double, kind: PairKind
    ) throws {
        let shifted = Self.waves(down: down).map { $0 + 1 }
        let pairs = try groups([Self.waves(down: 0), shifted]).pairs
        #expect(pairs.map(\.kind) == [kind])
        let mirrored = ModelVectors([shifted]).transformed(0, by: 4)
        let others = try groups([Self.waves(down: 0), mirrored]).pairs
        #expect(others.map(\.kind) == (kind == .copy ? [.copy] : []))
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

    @Test
    func
        `Large pictures of a fine texture are copies although they are smooth when they are small`()
        throws
    {
        let smooth = ModelVectors.picture { row, column in 40 + 3 * row + column }
        let brighter = ModelVectors.picture { row, column in 42 + 3 * row + column }
        func grouped(_ details: [UInt8]) throws -> [PairKind] {
            try groups([smooth, brighter], side: 96, details: [details, details]).pairs
                .map(\.kind)
        }
        #expect(try grouped(Scene(seed: 1).square(96)) == [.copy])
        let gradient = (0..<96 * 96).flatMap { pixel -> [UInt8] in
            let grey = UInt8(pixel / 96 + pixel % 96 / 2)
            return [grey, grey, grey]
        }
        #expect(try grouped(gradient) == [])
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

    /// 30 small pictures of two scenes: of ten, the last two are a turned copy of the one before it, and
    /// equal to the first.
    private static let collection: [[UInt8]] = (0..<30).map { index in
        let place = index % 10 == 8 ? index - 1 : index % 10 == 9 ? index - 9 : index
        let cut = Scene(seed: UInt64(place % 2)).cut(place * 7 % 40, place * 11 % 40)
        guard index % 10 == 8 else { return cut }
        return ModelVectors([cut.map { UInt8(Int($0) * 15 / 16) }]).transformed(0, by: index % 8)
    }

    /// Equal for pictures that are equal up to a symmetry.
    private static func canonical(_ picture: Int, of vectors: ModelVectors) -> String {
        let forms = (0..<ModelVectors.symmetries).map { vectors.transformed(picture, by: $0) }
        return "\(forms.min { $0.lexicographicallyPrecedes($1) } ?? [])"
    }

    private func search(_ pictures: [Int]) -> GroupSearch {
        let vectors = ModelVectors(pictures.map { Self.collection[$0] })
        let images = pictures.enumerated().map { place, picture in
            ImageRecord(
                key: "gneiss/\(picture)", label: 0, path: "\(picture).png", width: 28, height: 28,
                byteCount: 1, format: .png, split: .train,
                digest: Self.canonical(place, of: vectors))
        }
        return GroupSearch(
            GroupingInput(
                vectors, images: images, specimens: pictures.map { _ in "" },
                identities: pictures.map { "file \($0)" }, detail: { _ in [] }))
    }

    @Test(arguments: [
        Array(0..<30), Array(stride(from: 1, to: 30, by: 2)), [29], [], Array((0..<30).reversed()),
    ])
    func `With what an earlier search found, the result is that of a search from nothing`(
        earlier: [Int]
    ) throws {
        let workers = Workers(2)
        let before = try search(earlier).compared(workers: workers)
        for now in [Array(0..<30), Array(5..<20) + Array(22..<30)] {
            let whole = try search(now).compared(workers: workers)
            #expect(!whole.ground.isEmpty && !whole.copies.isEmpty)
            #expect(try search(now).compared(updating: before, workers: workers) == whole)
        }
    }

    @Test func `Pictures that an earlier search compared are not compared again`() throws {
        let workers = Workers(1)
        let all = Array(0..<30)
        let before = try search(all).compared(workers: workers)
        // What is known is taken as it is: here that nothing belongs together.
        let nothing = ComparedPictures(pictures: before.pictures, copies: [], ground: [])
        #expect(try search(all).compared(updating: nothing, workers: workers) == nothing)
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

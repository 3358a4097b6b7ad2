import AtlasModel
import Parallel
import RandomNumbers
import Testing

@testable import Grouping

@Suite struct GroundSearchTests {
    private let workers = Workers(2)

    /// Pictures cut from three scenes at random places, with a little noise of their own.
    private static let pictures: ModelVectors = {
        let scenes = (0..<3).map { Scene(seed: UInt64($0), side: 70) }
        var random = SplitMix64(seed: 7)
        return ModelVectors(
            (0..<150).map { index in
                let top = random.below(42)
                return scenes[index % 3].cut(top, random.below(42)).map { byte in
                    UInt8(min(255, max(0, Int(byte) + random.below(9) - 4)))
                }
            })
    }()

    /// Pearson correlation of two lists, in double precision from the definition.
    private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
        let count = Double(x.count)
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        let xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        let xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
        let yy = y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
        return xy / (xx * yy).squareRoot()
    }

    /// Mean and standard deviation.
    private static func moments(_ x: [Double]) -> (mean: Double, deviation: Double) {
        let mean = x.reduce(0, +) / Double(x.count)
        let squares = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(x.count)).squareRoot())
    }

    /// The pixels of `a` in a window and those of `b` that lie over them.
    private static func common(
        _ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>, down: Int, right: Int, rows: Range<Int>,
        columns: Range<Int>
    ) -> (x: [Double], y: [Double]) {
        var (x, y): ([Double], [Double]) = ([], [])
        for row in rows {
            for column in columns {
                for channel in 0..<3 {
                    x.append(Double(a[a.startIndex + (row * 28 + column) * 3 + channel]))
                    y.append(
                        Double(
                            b[
                                b.startIndex
                                    + ((row - down) * 28 + column - right) * 3 + channel]))
                }
            }
        }
        return (x, y)
    }

    /// Every pair at every shift, by the definition of `docs/groups.md` and nothing else.
    private static func slowPairs(_ vectors: ModelVectors) -> [[Int]: Double] {
        var best: [[Int]: (shift: [Int], correlation: Double)] = [:]
        for a in 0..<vectors.count {
            for b in a + 1..<vectors.count {
                for down in -7...7 {
                    for right in -7...7 {
                        let (one, other) = (vectors[a], vectors[b])
                        let centre = common(
                            one, other, down: down, right: right, rows: 7..<21, columns: 7..<21)
                        let opposite = common(
                            other, one, down: -down, right: -right, rows: 7..<21, columns: 7..<21)
                        guard
                            [centre, opposite].contains(where: { patch in
                                let (one, other) = (moments(patch.x), moments(patch.y))
                                return correlation(patch.x, patch.y) >= 0.95
                                    && abs(one.mean - other.mean) <= 8
                                    && one.deviation <= 1.25 * other.deviation
                                    && other.deviation <= 1.25 * one.deviation
                            })
                        else { continue }
                        let whole = common(
                            one, other, down: down, right: right,
                            rows: max(0, down)..<28 + min(0, down),
                            columns: max(0, right)..<28 + min(0, right))
                        let difference =
                            zip(whole.x, whole.y).reduce(0) { $0 + abs($1.0 - $1.1) }
                            / Double(whole.x.count)
                        let found = correlation(whole.x, whole.y)
                        guard found >= 0.98, difference <= 6 else { continue }
                        if found > best[[a, b]]?.correlation ?? 0 {
                            best[[a, b]] = ([down, right], found)
                        }
                    }
                }
            }
        }
        return Dictionary(
            uniqueKeysWithValues: best.map { ($0 + $1.shift, $1.correlation) })
    }

    @Test func `The pairs are those that the definition gives when every shift is tried`() throws {
        // A few pictures of one scene, because the slower way takes all 225 shifts of each pair.
        let few = Self.pictures.selecting((0..<10).map { $0 * 3 })
        let expected = Self.slowPairs(few)
        let found = try GroundSearch(few, workers: workers).pairs(workers: workers)
        #expect(expected.count == 5)
        #expect(Set(found.map { [$0.a, $0.b, $0.down, $0.right] }) == Set(expected.keys))
        for pair in found {
            let correlation = try #require(expected[[pair.a, pair.b, pair.down, pair.right]])
            #expect(abs(pair.correlation - correlation) < 1e-12)
        }
    }

    @Test func `The screen leaves all pairs of patches that correlate, and few others`() throws {
        let pictures = Self.pictures.selecting((0..<10).map { $0 * 3 })
        func middle(_ picture: Int) -> Int {
            pictures[picture].enumerated().reduce(0) {
                $0 + (Self.isMiddle($1.offset) ? Int($1.element) : 0)
            }
        }
        let (centres, others) = ((0..<5).sorted { middle($0) < middle($1) }, 0..<10)
        var found: [[Int]] = []
        try PatchScreen(pictures, centres).forEachCandidate(
            of: Array(others)[...], in: pictures
        ) {
            let shift = $0.place.shift
            found.append([$0.place.picture, shift.down, shift.right, centres[$1]])
        }
        var expected: Set<[Int]> = []
        for other in others {
            for down in -7...7 {
                for right in -7...7 {
                    let alike = centres.filter { centre in
                        let patch = Self.common(
                            pictures[centre], pictures[other], down: down, right: right,
                            rows: 7..<21, columns: 7..<21)
                        let (one, other) = (Self.moments(patch.x), Self.moments(patch.y))
                        return Self.correlation(patch.x, patch.y) >= 0.95
                            && abs(one.mean - other.mean) <= 8
                            && one.deviation <= 1.25 * other.deviation
                            && other.deviation <= 1.25 * one.deviation
                    }
                    for centre in alike { expected.insert([other, down, right, centre]) }
                }
            }
        }
        let left = Set(found)
        #expect(!expected.isEmpty)
        #expect(left.isSuperset(of: expected))
        #expect(found.count == left.count)
        #expect(found.count < others.count * 225 * centres.count / 3)
    }

    @Test func `Codes of equal patches reach a correlation of 1 in spite of their rounding`() throws
    {
        let rows = CentredRows(
            of: Self.pictures,
            (0..<Self.pictures.count).map { PatchPlace(picture: $0, shift: .none) })
        let encoder = try CodeEncoder(rows)
        let codes = try encoder.codes(of: rows)
        let block = CodeBlock(codes, reaching: 1, encoder)
        var products = [Int32](repeating: 0, count: rows.count * rows.count + CodeBlock.room)
        var scratch: [Float] = []
        try block.multiply(codes.bytes, 0..<rows.count, into: &products, scratch: &scratch)
        var (equal, others): (Set<Int>, Int) = ([], 0)
        block.forEachCandidate(products, slacks: codes.slacks[...]) { row, column in
            if row == column { equal.insert(row) } else { others += 1 }
        }
        #expect(equal.count == rows.count)
        #expect(others < rows.count * rows.count / 10)
    }

    @Test func `The result is the same for any number of threads`() throws {
        let one = try GroundSearch(Self.pictures, workers: Workers(1)).pairs(workers: Workers(1))
        let two = try GroundSearch(Self.pictures, workers: Workers(2)).pairs(workers: Workers(2))
        #expect(one == two)
        #expect(one.count > 100)
    }

    @Test func `Candidates have the pairs with a collection that they have in it`() throws {
        let all = try GroundSearch(Self.pictures, workers: workers).pairs(workers: workers)
        let count = 20
        let expected = all.filter { $0.a < count && $0.b >= count }
        let found = try GroundSearch.pairs(
            of: Self.pictures.selecting(Array(0..<count)),
            with: Self.pictures.selecting(Array(count..<Self.pictures.count)), workers: workers)
        #expect(expected.count > 10)
        #expect(found == expected)
    }

    @Test func `The shift says where the second picture lies over the first`() throws {
        let scene = Scene(seed: 1)
        let vectors = ModelVectors([scene.cut(30, 30), scene.cut(36, 28)])
        let pairs = try GroundSearch(vectors, workers: workers).pairs(workers: workers)
        #expect(pairs.map { [$0.a, $0.b, $0.down, $0.right] } == [[0, 1, 6, -2]])
        #expect(pairs.map(\.correlation) == [1])
    }

    @Test func `A mirrored picture shows no common ground`() throws {
        let scene = Scene(seed: 1)
        var vectors = ModelVectors([scene.cut(30, 30), scene.cut(36, 28)])
        vectors = ModelVectors([Array(vectors[0]), vectors.transformed(1, by: 4)])
        #expect(try GroundSearch(vectors, workers: workers).pairs(workers: workers).isEmpty)
    }

    @Test func `A shift by more than half of a side less half of the patch is not looked for`()
        throws
    {
        let scene = Scene(seed: 1)
        let vectors = ModelVectors([scene.cut(30, 30), scene.cut(38, 30)])
        #expect(try GroundSearch(vectors, workers: workers).pairs(workers: workers).isEmpty)
    }

    @Test(arguments: [(7, 1), (9, 0)])
    func `Patches whose means differ by more than 8 are not compared`(added: Int, count: Int) throws
    {
        // The middle of one picture is brighter; on average over the whole they differ by 2.5 at most.
        let scene = Scene(seed: 1).cut(30, 30)
        let brighter = scene.enumerated().map { place, byte in
            Self.isMiddle(place) ? byte + UInt8(added) : byte
        }
        let pairs = try GroundSearch(ModelVectors([scene, brighter]), workers: workers)
            .pairs(workers: workers)
        #expect(pairs.count == count)
    }

    @Test(arguments: [(1.15, 1), (1.35, 0)])
    func `Patches whose contrasts differ by more than a quarter are not compared`(
        factor: Double, count: Int
    ) throws {
        // The middle has little contrast, so more of it hardly changes the whole.
        let scene = Scene(seed: 1).cut(30, 30).enumerated().map { place, byte in
            Self.isMiddle(place) ? UInt8(128 + (Int(byte) - 128) / 4) : byte
        }
        let other = scene.enumerated().map { place, byte in
            Self.isMiddle(place) ? UInt8(128 + factor * (Double(byte) - 128)) : byte
        }
        let pairs = try GroundSearch(ModelVectors([scene, other]), workers: workers)
            .pairs(workers: workers)
        #expect(pairs.count == count)
    }

    private static func isMiddle(_ place: Int) -> Bool {
        let (row, column) = (place / 3 / 28, place / 3 % 28)
        return (7..<21).contains(row) && (7..<21).contains(column)
    }

    @Test func `Even pictures, one picture and no picture have no pairs`() throws {
        let even = ModelVectors.picture { _, _ in 128 }
        for pictures in [[even, even], [even], []] {
            let search = try GroundSearch(ModelVectors(pictures), workers: workers)
            #expect(try search.pairs(workers: workers).isEmpty)
        }
    }
}

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
                            max(
                                correlation(centre.x, centre.y),
                                correlation(opposite.x, opposite.y)) >= 0.95
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

    @Test func `Even pictures, one picture and no picture have no pairs`() throws {
        let even = ModelVectors.picture { _, _ in 128 }
        for pictures in [[even, even], [even], []] {
            let search = try GroundSearch(ModelVectors(pictures), workers: workers)
            #expect(try search.pairs(workers: workers).isEmpty)
        }
    }
}

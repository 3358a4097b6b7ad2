import AtlasModel
import Parallel
import Testing

@testable import Mapping

@Suite struct AddedPlacesTests {
    private static let blobs = Blobs(300)

    /// Three groups at (0, 0), (60, 0) and (0, 60), each a square of ten by ten.
    private static let places = blobs.kinds.enumerated().map { index, kind in
        SIMD2(
            Float(kind == 1 ? 60 : 0) + Float(index / 3 % 10),
            Float(kind == 2 ? 60 : 0) + Float(index / 30))
    }
    private static let added = [4, 50, 51, 299]

    private static func placed(_ added: [Int], threads: Int = 2) throws -> [SIMD2<Float>] {
        var known = places.map(Optional.some)
        for index in added { known[index] = nil }
        return try PlaneMapping.places(
            keeping: known, graph: NeighbourGraph(blobs.neighbours, workers: Workers(1)),
            workers: Workers(threads))
    }

    @Test func `Pictures that were there stay, and new ones come beside their kind`() throws {
        let places = try Self.placed(Self.added)
        for index in places.indices where !Self.added.contains(index) {
            #expect(places[index] == Self.places[index])
        }
        for index in Self.added {
            let nearest = places.indices.filter { $0 != index }.min { left, right in
                let (a, b) = (places[left] - places[index], places[right] - places[index])
                return (a * a).sum() < (b * b).sum()
            }
            #expect(nearest.map { Self.blobs.kinds[$0] } == Self.blobs.kinds[index])
        }
        #expect(try Self.placed([]) == Self.places)
    }

    @Test func `New pictures have the same places, to the last bit, for any number of threads`()
        throws
    {
        let added = Array(100..<230)
        let wanted = try Self.placed(added, threads: 1)
        #expect(try Self.placed(added, threads: 2) == wanted)
        #expect(try Self.placed(added, threads: 8) == wanted)
    }

    /// The gradient of the divergence with all pairs, by its definition (van der Maaten and Hinton 2008,
    /// equation 5), divided by 4: zero where the picture comes to rest.
    @Test func `A new picture comes to rest where attraction and repulsion are equal`() throws {
        let places = try Self.placed([50])
        let graph = try NeighbourGraph(Self.blobs.neighbours, workers: Workers(1))
        var total = 0.0
        for (i, a) in places.enumerated() where i != 50 {
            for (j, b) in places.enumerated() where j != i && j != 50 {
                total += 1 / (1 + Double(((a - b) * (a - b)).sum()))
            }
        }
        var (force, attraction) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for edge in graph.starts[50]..<graph.starts[51] {
            let way = SIMD2<Double>(places[50] - places[Int(graph.targets[edge])])
            attraction += way * Double(graph.weights[edge]) / (1 + (way * way).sum())
        }
        for (j, other) in places.enumerated() where j != 50 {
            let way = SIMD2<Double>(places[50] - other)
            let value = 1 / (1 + (way * way).sum())
            force -= way * (value * value / total)
        }
        let rest = force + attraction
        // One of the two alone is 20 times as large.
        #expect((rest * rest).sum().squareRoot() < (force * force).sum().squareRoot() / 20)
    }

    @Test func `Two new pictures that are the same come apart, within the borders`()
        throws
    {
        let targets = [2, 3].map { Match(target: $0, distance: 0.1, rotation: 0) }
        let known: [SIMD2<Float>?] = [nil, nil, [0, 0], [10, 0], [0, 8], [10, 8], nil]
        let neighbours = [
            [Match(target: 1, distance: 0, rotation: 0)] + targets,
            [Match(target: 0, distance: 0, rotation: 0)] + targets, [], [], [], [], [],
        ]
        let places = try PlaneMapping.places(
            keeping: known, graph: NeighbourGraph(neighbours, workers: Workers(1)),
            workers: Workers(2))
        #expect(places[0] != places[1])
        #expect(places.allSatisfy { (0...10).contains($0.x) && (0...8).contains($0.y) })
        #expect(places[2...5] == [[0, 0], [10, 0], [0, 8], [10, 8]])
    }

    @Test func `A new picture that only new ones are like is placed by them`() throws {
        // 0 is like 1, which is like 2.
        let neighbours = [1, 2].map { [Match(target: $0, distance: 0.1, rotation: 0)] }
        let places = try PlaneMapping.places(
            keeping: [nil, nil, [9, 9], [0, 0], [0, 1]],
            graph: NeighbourGraph(neighbours + [[], [], []], workers: Workers(1)),
            workers: Workers(2))
        // Nearer to (9, 9) than to (0, 0).
        for index in 0...1 { #expect(places[index].x + places[index].y > 9) }
    }
}

@Suite struct KeptCellsTests {
    private static func graph(_ likes: [Int: Int] = [:], count: Int) throws -> NeighbourGraph {
        try NeighbourGraph(
            (0..<count).map { index in
                likes[index].map { [Match(target: $0, distance: 0.1, rotation: 0)] } ?? []
            }, workers: Workers(1))
    }

    @Test func `Without a change all pictures keep their cells`() throws {
        let cells = (0..<20).map { $0 * 7 % 20 }
        let grid = try GridLayout(
            keeping: cells, columns: 5, graph: Self.graph(count: 20))
        #expect(grid.cells == cells && grid.columns == 5)
    }

    @Test func `New pictures take the free cells nearest to those that they are like`()
        throws
    {
        // Cells 1 and 18 of 20 are free. Picture 0 is like the one in cell 13, picture 1 like that
        // in cell 5.
        let others = (0..<20).filter { $0 != 1 && $0 != 18 }
        let like = [13, 5].map { 2 + (others.firstIndex(of: $0) ?? 0) }
        let grid = try GridLayout(
            keeping: [nil, nil] + others, columns: 5,
            graph: Self.graph([0: like[0], 1: like[1]], count: 20))
        #expect(grid.cells == [18, 1] + others)
    }

    @Test func `A hole is filled by the last picture, and more pictures come to the end`() throws {
        let fewer = try GridLayout(
            keeping: [0, 1, 3, 4, 5], columns: 3, graph: Self.graph(count: 5))
        #expect(fewer.cells == [0, 1, 3, 4, 2])
        // Both new pictures are like the one in cell 1, above cell 7, which the first of them takes.
        let more = try GridLayout(
            keeping: [0, 1, 2, 3, 4, 5, nil, nil], columns: 3,
            graph: Self.graph([6: 1, 7: 1], count: 8))
        #expect(more.cells == [0, 1, 2, 3, 4, 5, 7, 6])
    }

    @Test func `Pictures that are like none take what is left in their order`() throws {
        let grid = try GridLayout(
            keeping: [nil, 2, nil, 0], columns: 2, graph: Self.graph(count: 4))
        #expect(grid.cells == [1, 2, 3, 0])
    }
}

import AtlasModel
import Parallel
import RandomNumbers
import Testing

@testable import Mapping

/// Pictures of three kinds: features around three far points, in a fixed order.
struct Blobs {
    let features: FeatureVectors
    let neighbours: [[Match]]
    let kinds: [Int]

    static let width = 6

    init(_ count: Int, spread: Float = 1, targets: Int = 12) {
        var random = SplitMix64(seed: 3)
        kinds = (0..<count).map { $0 % 3 }
        let values = kinds.flatMap { kind in
            (0..<Self.width).map { axis -> Float in
                let noise = (0..<4).reduce(Float(0)) { sum, _ in
                    sum + Float.random(in: -1..<1, using: &random)
                }
                return (axis == kind ? 12 : 0) + spread * noise
            }
        }
        let features = FeatureVectors(values: values, width: Self.width)
        self.features = features
        neighbours = (0..<count).map { Self.targets(of: $0, in: features, most: targets) }
    }

    /// By the squared distance, compared with all others.
    private static func targets(of index: Int, in features: FeatureVectors, most: Int) -> [Match] {
        let all = (0..<features.count).filter { $0 != index }.map { other in
            let square = (0..<width).reduce(0.0) { sum, axis in
                let way =
                    features.values[index * width + axis] - features.values[other * width + axis]
                return sum + Double(way * way)
            }
            return Match(target: other, distance: square, rotation: 0)
        }
        return Array(
            all.sorted { ($0.distance, $0.target) < ($1.distance, $1.target) }.prefix(most))
    }
}

/// The share of each picture's `n` nearest in a plane that are among its `n` first neighbours.
private func recall(_ places: [SIMD2<Float>], _ neighbours: [[Match]], n: Int) -> Double {
    var found = 0
    for index in places.indices {
        let near = places.indices.filter { $0 != index }.map { other -> (Float, Int) in
            let way = places[other] - places[index]
            return ((way * way).sum(), other)
        }
        let nearest = Set(near.sorted { $0 < $1 }.prefix(n).map(\.1))
        found += neighbours[index].prefix(n).count { nearest.contains($0.target) }
    }
    return Double(found) / Double(n * places.count)
}

@Suite struct PlaneMappingTests {
    private static let blobs = Blobs(150)
    /// Fewer steps than a build makes, because tests are not optimised.
    private static let few = [
        Embedding.Phase(steps: 60, exaggeration: 12, momentum: 0.5),
        Embedding.Phase(steps: 60, exaggeration: 1, momentum: 0.8),
    ]
    private static let fewest = [Embedding.Phase(steps: 8, exaggeration: 12, momentum: 0.5)]

    @Test func `Pictures of three kinds lie in three groups, each beside its neighbours`() throws {
        let blobs = Self.blobs
        let places = try PlaneMapping.places(
            graph: NeighbourGraph(blobs.neighbours, workers: Workers(1)),
            features: PlaneFeatures(blobs.features), phases: Self.few,
            workers: Workers(2))
        // The nearest picture in the plane is of the same kind.
        for index in places.indices {
            let nearest = places.indices.filter { $0 != index }.min { left, right in
                let (a, b) = (places[left] - places[index], places[right] - places[index])
                return (a * a).sum() < (b * b).sum()
            }
            #expect(nearest.map { blobs.kinds[$0] } == blobs.kinds[index])
        }
        // Chance finds 12 of 149, the kinds alone 12 of 49.
        #expect(recall(places, blobs.neighbours, n: 12) > 0.5)
    }

    @Test func `The places are the same, to the last bit, for any number of threads`() throws {
        let blobs = Blobs(1_100, targets: 6)
        let places = try [1, 2, 8].map { threads in
            try PlaneMapping.places(
                graph: NeighbourGraph(blobs.neighbours, workers: Workers(1)),
                features: PlaneFeatures(blobs.features),
                phases: Self.fewest,
                workers: Workers(threads)
            ).map { [$0.x.bitPattern, $0.y.bitPattern] }
        }
        #expect(places[0] == places[1])
        #expect(places[0] == places[2])
        let grids = try [1, 8].map { threads in
            try GridLayout(
                places[0].map { SIMD2(Float(bitPattern: $0[0]), Float(bitPattern: $0[1])) },
                graph: NeighbourGraph(blobs.neighbours, workers: Workers(threads)),
                features: PlaneFeatures(blobs.features), workers: Workers(threads))
        }
        #expect(grids[0] == grids[1])
    }

    @Test func `No picture and one picture need no map`() throws {
        let none = FeatureVectors(values: [], width: 3)
        #expect(
            try PlaneMapping.places(
                graph: NeighbourGraph([], workers: Workers(1)), features: PlaneFeatures(none),
                workers: Workers(1)) == [])
        let one = FeatureVectors(values: [1, 2, 3], width: 3)
        #expect(
            try PlaneMapping.places(
                graph: NeighbourGraph([[]], workers: Workers(1)), features: PlaneFeatures(one),
                workers: Workers(1)) == [.zero])
    }

    @Test(arguments: [2, 3, 20])
    func `Pictures that are all the same get places that are finite and apart`(count: Int) throws {
        let features = FeatureVectors(values: [Float](repeating: 7, count: 4 * count), width: 4)
        let neighbours = (0..<count).map { index in
            (0..<count).filter { $0 != index }.prefix(12).map {
                Match(target: $0, distance: 0, rotation: 0)
            }
        }
        let places = try PlaneMapping.places(
            graph: NeighbourGraph(neighbours, workers: Workers(1)),
            features: PlaneFeatures(features), phases: Self.few,
            workers: Workers(2))
        #expect(places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
        #expect(Set(places.map { [$0.x, $0.y] }).count == count)
    }

    @Test func `Pictures without neighbours get places`() throws {
        let features = FeatureVectors(values: [0, 0, 1, 0, 0, 1], width: 2)
        let places = try PlaneMapping.places(
            graph: NeighbourGraph([[], [], []], workers: Workers(1)),
            features: PlaneFeatures(features), phases: Self.few,
            workers: Workers(2))
        #expect(places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }
}

extension PlaneFeatures {
    /// Features that tell no picture from another.
    fileprivate static func same(_ count: Int) -> PlaneFeatures {
        PlaneFeatures(FeatureVectors(values: [Float](repeating: 1, count: 2 * count), width: 2))
    }
}

@Suite struct GridLayoutTests {
    @Test(arguments: [0, 1, 2, 3, 7, 20, 101])
    func `Each picture has a cell of its own, and only the last row is not full`(count: Int) throws
    {
        let blobs = Blobs(count, targets: 5)
        let places = (0..<count).map { SIMD2(Float($0 * 37 % 101), Float($0 * 11 % 17)) }
        let grid = try GridLayout(
            places, graph: NeighbourGraph(blobs.neighbours, workers: Workers(2)),
            features: PlaneFeatures(blobs.features), workers: Workers(2))
        #expect(grid.cells.sorted() == Array(0..<count))
        #expect(grid.columns * grid.rows >= count)
        #expect(count == 0 || grid.columns * (grid.rows - 1) < count)
    }

    @Test func `Places on a grid keep their cells when there is nothing to gain`() throws {
        // 4 rows of 5, in an order that is not that of the cells.
        let order = (0..<20).map { $0 * 7 % 20 }
        let places = order.map { SIMD2(Float($0 % 5), Float($0 / 5)) }
        let grid = try GridLayout(
            places, graph: NeighbourGraph(order.map { _ in [] }, workers: Workers(1)),
            features: .same(20), workers: Workers(2))
        #expect(grid.columns == 5)
        #expect(grid.cells == order)
    }

    @Test func `Exchanges bring neighbours together`() throws {
        let blobs = Blobs(240)
        // Places that know nothing of the neighbours.
        let places = (0..<240).map { SIMD2(Float($0 * 97 % 239), Float($0 * 31 % 227)) }
        let alone = try GridLayout(
            places, graph: NeighbourGraph(places.map { _ in [] }, workers: Workers(1)),
            features: .same(240), workers: Workers(2))
        let grid = try GridLayout(
            places, graph: NeighbourGraph(blobs.neighbours, workers: Workers(1)),
            features: .same(240), workers: Workers(2))
        // Neighbours that lie at most two cells away.
        func near(_ grid: GridLayout) -> Int {
            var count = 0
            for (index, matches) in blobs.neighbours.enumerated() {
                for match in matches {
                    let (a, b) = (grid.cells[index], grid.cells[match.target])
                    let x = a % grid.columns - b % grid.columns
                    let y = a / grid.columns - b / grid.columns
                    if x * x + y * y <= 4 { count += 1 }
                }
            }
            return count
        }
        #expect(near(grid) > 2 * near(alone))
    }

    @Test func `Features alone put pictures of a kind side by side`() throws {
        let blobs = Blobs(240)
        let places = (0..<240).map { SIMD2(Float($0 * 97 % 239), Float($0 * 31 % 227)) }
        let grid = try GridLayout(
            places, graph: NeighbourGraph(places.map { _ in [] }, workers: Workers(1)),
            features: PlaneFeatures(blobs.features), workers: Workers(2))
        var kinds = [Int](repeating: -1, count: 240)
        for (picture, cell) in grid.cells.enumerated() { kinds[cell] = blobs.kinds[picture] }
        let pairs = (0..<239).filter { ($0 + 1) % grid.columns != 0 }
        // Chance gives a third. Three blocks have two borders, of at most 18 rows each.
        #expect(pairs.count { kinds[$0] == kinds[$0 + 1] } > pairs.count * 8 / 10)
    }
}

@Suite struct AssignmentTests {
    private static func solved(_ costs: [[Float]]) -> [Int] {
        var assignment = Assignment(size: 7)
        for (row, line) in costs.enumerated() {
            for (column, cost) in line.enumerated() { assignment.set(row, column, cost) }
        }
        return assignment.solve(costs.count)
    }

    /// Compared with all orders of five columns.
    @Test func `The sum of the costs is least`() {
        func orders(_ items: [Int]) -> [[Int]] {
            items.isEmpty
                ? [[]]
                : items.flatMap { first in
                    orders(items.filter { $0 != first }).map { [first] + $0 }
                }
        }
        var random = SplitMix64(seed: 1)
        for _ in 0..<50 {
            let costs = (0..<5).map { _ in
                (0..<5).map { _ in Float.random(in: 0..<1, using: &random) }
            }
            func cost(_ order: [Int]) -> Float {
                order.enumerated().reduce(0) { $0 + costs[$1.offset][$1.element] }
            }
            let best = orders(Array(0..<5)).map(cost).min() ?? 0
            #expect(abs(cost(Self.solved(costs)) - best) < 1e-5)
        }
    }

    @Test func `Nothing moves where nothing is gained`() {
        #expect(Self.solved([[1, 1, 1], [1, 1, 1], [1, 1, 1]]) == [0, 1, 2])
        #expect(Self.solved([[2, 1], [1, 2]]) == [1, 0])
        #expect(Self.solved([]).isEmpty)
    }
}

package import Parallel
import RandomNumbers

extension PlaneMapping {
    /// Places for pictures that are added to a map. All others stay where they are.
    ///
    /// An added picture begins at the weighted mean of its neighbours, and then follows the gradient of
    /// t-SNE. It stays within the borders of the map. One whose neighbours have no places begins in the middle.
    ///
    /// The same input gives the same places, to the last bit, for any number of threads.
    /// - Parameters:
    ///   - known: for each picture its place; `nil` for one that is added.
    ///   - graph: the pictures that attract each other, old and new.
    /// - Throws: `KernelError`.
    package static func places(
        keeping known: [SIMD2<Float>?], graph: NeighbourGraph, workers: Workers
    ) throws -> [SIMD2<Float>] {
        precondition(graph.count == known.count, "a row of the graph for each picture")
        var added = AddedPlaces(keeping: known, graph)
        try added.descend(workers)
        return added.places
    }
}

/// Pictures that are added to a map, on the way to their places.
private struct AddedPlaces {
    /// Of all pictures.
    private(set) var places: [SIMD2<Float>]
    /// The pictures that are added, in their order.
    private let added: [Int]
    private let kept: [SIMD2<Float>]
    private let graph: NeighbourGraph

    /// Enough for pictures to come to rest.
    private static let steps = 50
    private static let aside: Float = 0.01
    private static let block = 64

    init(keeping known: [SIMD2<Float>?], _ graph: NeighbourGraph) {
        self.graph = graph
        kept = known.compactMap(\.self)
        added = known.indices.filter { known[$0] == nil }
        let middle = kept.reduce(.zero, +) / Float(max(1, kept.count))
        let begun = graph.means(from: known, of: added)
        places = begun.map { $0 ?? middle }
        // Two at one place could not move apart, so each begins a little beside it.
        var random = SplitMix64(seed: 0)
        for index in added {
            let aside = SIMD2(
                Float.random(in: -1..<1, using: &random), Float.random(in: -1..<1, using: &random))
            places[index] += aside * Self.aside
        }
    }

    mutating func descend(_ workers: Workers) throws {
        guard !added.isEmpty, let borders = Borders(of: kept) else { return }
        var field = RepulsionField(workers: workers)
        // The kept pictures do not move, so that one sum is enough.
        let sum = try field.sum(of: kept, within: borders)
        let total = try field.samples(at: kept, of: sum).reduce(0.0) { $0 + Double($1.potential) }
        // Each point's own kernel is 1.
        let scale = Float(1 / max(total - Double(kept.count), 1))
        let (graph, added) = (graph, added)
        for _ in 0..<Self.steps {
            let all = places
            let moving = added.map { all[$0] }
            let samples = try field.samples(at: moving, of: sum)
            let moved = try workers.map(added.count, chunk: Self.block) { number in
                let repulsion = samples[number].gradient + Self.slope(at: number, of: moving)
                let gradient =
                    graph.attraction(of: added[number], in: all) + repulsion * (0.5 * scale)
                return borders.clamped(moving[number] - gradient * Float(all.count))
            }
            for (picture, place) in zip(added, moved) { places[picture] = place }
        }
    }

    /// The gradient of the sum of the kernels around the other added pictures.
    private static func slope(at number: Int, of points: [SIMD2<Float>]) -> SIMD2<Float> {
        var sum = SIMD2<Float>.zero
        for (other, point) in points.enumerated() where other != number {
            let way = points[number] - point
            let value = 1 / (1 + (way * way).sum())
            sum -= way * (2 * value * value)
        }
        return sum
    }
}

extension NeighbourGraph {
    /// The places of all pictures: those that are known, and for the pictures `added` the weighted means
    /// of their neighbours. A picture whose neighbours are all added waits for their means; `nil` if none
    /// of them gets a place.
    fileprivate func means(from known: [SIMD2<Float>?], of added: [Int]) -> [SIMD2<Float>?] {
        var places = known
        var waiting = added
        while !waiting.isEmpty {
            let found = waiting.map { ($0, mean(around: $0, in: places)) }
            for (picture, place) in found { places[picture] = place }
            let rest = found.filter { $0.1 == nil }.map(\.0)
            if rest.count == waiting.count { break }
            waiting = rest
        }
        return places
    }

    private func mean(around index: Int, in places: [SIMD2<Float>?]) -> SIMD2<Float>? {
        var (sum, weight) = (SIMD2<Float>.zero, Float.zero)
        for edge in starts[index]..<starts[index + 1] {
            guard let place = places[Int(targets[edge])] else { continue }
            sum += place * weights[edge]
            weight += weights[edge]
        }
        return weight > 0 ? sum / weight : nil
    }
}

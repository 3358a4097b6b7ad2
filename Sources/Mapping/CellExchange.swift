import Parallel

/// Exchanges the cells of two pictures as long as that lowers Σ w f(d) over all neighbours, with their weights w
/// and distances d in cells.
///
/// f(d) = 0.75 d² / (d² + 6) + 0.25 d⁴ / (d⁴ + 30). Near neighbours count most: who is far away anyway may stay
/// there. The second part is steep at two cells, the distance of the farthest of the twelve nearest cells.
struct CellExchange: Sendable {
    /// For each picture the number of its cell.
    private(set) var cells: [Int]
    private var pictures: [Int32]
    private var places: [SIMD2<Int32>]
    /// Whether a picture, or a neighbour of it, has moved since it was last offered cells.
    private var isDue: [Bool]
    private let columns: Int
    private let graph: NeighbourGraph
    private let weights: [Float]

    /// The share of the steep part of f, and what the powers of the distance are compared with.
    private static let steepness: Float = 0.25
    private static let reach: Float = 6
    private static let steepReach: Float = 30
    /// The squared distance from which on f is constant.
    private static let farthest = 4_095
    /// f, by the squared distance.
    private static let costs = (0...farthest).map { square in
        let square = Float(square)
        let power = square * square
        return (1 - steepness) * square / (square + reach)
            + steepness * power / (power + steepReach)
    }
    /// The least gain. Less would be rounding.
    private static let least: Float = 1e-4
    /// Number of pictures that choose a cell before the first of them moves, so that threads share the work.
    private static let batch = 256
    private static let chunk = 32

    init(_ cells: [Int], columns: Int, graph: NeighbourGraph) {
        self.cells = cells
        self.columns = columns
        self.graph = graph
        pictures = [Int32](repeating: 0, count: cells.count)
        for (picture, cell) in cells.enumerated() { pictures[cell] = Int32(picture) }
        places = cells.map { SIMD2(Int32($0 % columns), Int32($0 / columns)) }
        isDue = [Bool](repeating: true, count: cells.count)
        // Between the weights of t-SNE and equal ones, because all neighbours are to come near.
        weights = graph.weights.map { ($0 * Float(cells.count)).squareRoot().squareRoot() }
    }

    /// Offers each picture the cells around the middle of its neighbours, around each of them, and around its
    /// own.
    /// - Returns: number of exchanges.
    mutating func sweep(workers: Workers) throws -> Int {
        let due = cells.indices.filter { isDue[$0] }
        var exchanges = 0
        for start in stride(from: 0, to: due.count, by: Self.batch) {
            let batch = due[start..<min(due.count, start + Self.batch)]
            let partners = try partners(of: Array(batch), workers)
            for picture in batch { isDue[picture] = false }
            for (picture, partner) in zip(batch, partners) {
                guard let partner else { continue }
                guard gain(of: picture, partner) > Self.least else {
                    // Others have moved since; it is offered cells in the next sweep.
                    isDue[picture] = true
                    continue
                }
                exchange(picture, partner)
                exchanges += 1
            }
        }
        return exchanges
    }

    /// For each of these pictures the one to exchange cells with; `nil` if none is better.
    private func partners(of batch: [Int], _ workers: Workers) throws -> [Int?] {
        try workers.map(batch.count, chunk: Self.chunk) { number in
            let picture = batch[number]
            var best: (gain: Float, other: Int)?
            var last = -1
            for cell in offers(to: picture).sorted() where cell != last && cell != cells[picture] {
                last = cell
                let other = Int(pictures[cell])
                let gain = gain(of: picture, other)
                if gain > best?.gain ?? Self.least { best = (gain, other) }
            }
            return best?.other
        }
    }

    /// Cells, some of them more than once.
    private func offers(to picture: Int) -> [Int] {
        var offers: [Int] = []
        func offer(_ column: Int, _ row: Int) {
            guard column >= 0, row >= 0, column < columns else { return }
            let cell = row * columns + column
            if cell < cells.count { offers.append(cell) }
        }
        var (sum, weight) = (SIMD2<Float>.zero, Float.leastNormalMagnitude)
        for edge in graph.starts[picture]..<graph.starts[picture + 1] {
            let neighbour = Int(graph.targets[edge])
            sum += SIMD2<Float>(places[neighbour]) * weights[edge]
            weight += weights[edge]
            let cell = cells[neighbour]
            let (column, row) = (cell % columns, cell / columns)
            offer(column, row)
            offer(column - 1, row)
            offer(column + 1, row)
            offer(column, row - 1)
            offer(column, row + 1)
        }
        let middle = SIMD2<Int32>((sum / weight).rounded(.toNearestOrAwayFromZero))
        for place in [middle, places[picture]] {
            for row in -1...1 {
                for column in -1...1 { offer(Int(place.x) + column, Int(place.y) + row) }
            }
        }
        return offers
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        cells.swapAt(a, b)
        places.swapAt(a, b)
        pictures.swapAt(cells[a], cells[b])
        for picture in [a, b] {
            isDue[picture] = true
            for edge in graph.starts[picture]..<graph.starts[picture + 1] {
                isDue[Int(graph.targets[edge])] = true
            }
        }
    }

    /// How much lower the sum is after an exchange.
    private func gain(of a: Int, _ b: Int) -> Float {
        gain(of: a, from: places[a], to: places[b], without: b)
            + gain(of: b, from: places[b], to: places[a], without: a)
    }

    /// - Parameter partner: the distance to it stays the same.
    private func gain(
        of picture: Int, from: SIMD2<Int32>, to: SIMD2<Int32>, without partner: Int
    ) -> Float {
        let edges = graph.starts[picture]..<graph.starts[picture + 1]
        return graph.targets.withUnsafeBufferPointer { targets in
            places.withUnsafeBufferPointer { places in
                weights.withUnsafeBufferPointer { weights in
                    Self.costs.withUnsafeBufferPointer { costs in
                        var sum: Float = 0
                        for edge in edges {
                            let target = Int(targets[edge])
                            if target == partner { continue }
                            let (before, after) = (from &- places[target], to &- places[target])
                            let own = (before &* before).wrappedSum()
                            let other = (after &* after).wrappedSum()
                            sum +=
                                weights[edge]
                                * (costs[min(Int(own), Self.farthest)]
                                    - costs[min(Int(other), Self.farthest)])
                        }
                        return sum
                    }
                }
            }
        }
    }
}

/// Puts pictures into the cells of a grid, one in each, so that neighbours of the plane stay neighbours.
///
/// First the plane is divided in two again and again, at the median of its longer side. Then pictures
/// exchange cells where that brings them nearer to the pictures that they are like.
package struct GridLayout: Sendable, Equatable {
    /// Number of cells in a row. All rows but the last are full.
    package let columns: Int
    /// For each picture the number of its cell, row by row; each number below `cells.count` occurs once.
    package private(set) var cells: [Int]

    /// The middle of each picture's cell, in cells.
    package var places: [SIMD2<Float>] {
        cells.map { SIMD2(Float($0 % columns), Float($0 / columns)) }
    }

    package var rows: Int { columns == 0 ? 0 : (cells.count + columns - 1) / columns }

    /// A grid of about 5 : 4, the shape of a window beside a list.
    private static let shape = 1.25
    private static let sweeps = 12

    /// - Parameters:
    ///   - places: of the pictures in the plane.
    ///   - graph: the pictures that attract each other.
    package init(_ places: [SIMD2<Float>], graph: NeighbourGraph) {
        let count = places.count
        columns = min(count, Int((Double(count) * Self.shape).squareRoot().rounded(.up)))
        cells = [Int](repeating: 0, count: count)
        guard count > 0 else { return }
        var order = Array(0..<count)
        split(&order, 0..<count, columns: 0..<columns, rows: 0..<rows, places)
        var exchange = CellExchange(cells, columns: columns, graph: graph)
        for _ in 0..<Self.sweeps where exchange.sweep() == 0 { break }
        cells = exchange.cells
    }

    /// - Parameter cells: of the pictures, each number below their count once.
    init(columns: Int, cells: [Int]) {
        self.columns = columns
        self.cells = cells
    }

    /// Puts the pictures `order[range]` into a part of the grid that has as many cells.
    private mutating func split(
        _ order: inout [Int], _ range: Range<Int>, columns: Range<Int>, rows: Range<Int>,
        _ places: [SIMD2<Float>]
    ) {
        guard range.count > 1 else {
            for picture in order[range] {
                cells[picture] = rows.lowerBound * self.columns + columns.lowerBound
            }
            return
        }
        let isWide = columns.count >= rows.count
        order[range].sort { left, right in
            let (a, b) = (places[left], places[right])
            return isWide
                ? (a.x, a.y, left) < (b.x, b.y, right) : (a.y, a.x, left) < (b.y, b.x, right)
        }
        if isWide {
            let middle = columns.lowerBound + columns.count / 2
            let (left, right) = (columns.lowerBound..<middle, middle..<columns.upperBound)
            let end = range.lowerBound + capacity(left, rows)
            split(&order, range.lowerBound..<end, columns: left, rows: rows, places)
            split(&order, end..<range.upperBound, columns: right, rows: rows, places)
        } else {
            let middle = rows.lowerBound + rows.count / 2
            let (top, bottom) = (rows.lowerBound..<middle, middle..<rows.upperBound)
            let end = range.lowerBound + capacity(columns, top)
            split(&order, range.lowerBound..<end, columns: columns, rows: top, places)
            split(&order, end..<range.upperBound, columns: columns, rows: bottom, places)
        }
    }

    /// Number of cells in a part of the grid; the last row may end before it.
    private func capacity(_ columns: Range<Int>, _ rows: Range<Int>) -> Int {
        rows.reduce(0) { sum, row in
            let end = min(columns.upperBound, cells.count - row * self.columns)
            return sum + max(0, end - columns.lowerBound)
        }
    }
}

/// Exchanges the cells of two pictures as long as that lowers Σ w d² / (d² + c) over all neighbours, with
/// their weights w and distances d in cells. Near neighbours count most: who is far away anyway may stay
/// there.
struct CellExchange {
    /// For each picture the number of its cell.
    private(set) var cells: [Int]
    private var pictures: [Int32]
    private var places: [SIMD2<Float>]
    private let columns: Int
    private let graph: NeighbourGraph

    /// c: the squared distance at which a neighbour counts half as near.
    private static let reach: Float = 6

    init(_ cells: [Int], columns: Int, graph: NeighbourGraph) {
        self.cells = cells
        self.columns = columns
        self.graph = graph
        pictures = [Int32](repeating: 0, count: cells.count)
        for (picture, cell) in cells.enumerated() { pictures[cell] = Int32(picture) }
        places = cells.map { SIMD2(Float($0 % columns), Float($0 / columns)) }
    }

    /// Offers each picture the cells around the middle of its neighbours, and those around its own.
    /// - Returns: number of exchanges.
    mutating func sweep() -> Int {
        var exchanges = 0
        for picture in cells.indices {
            let own = places[picture]
            var best: (gain: Float, other: Int)?
            for middle in [self.middle(of: picture), own] {
                for row in -1...1 {
                    for column in -1...1 {
                        let place = middle + SIMD2(Float(column), Float(row))
                        guard let other = self.picture(at: place), other != picture else {
                            continue
                        }
                        let gain = self.gain(of: picture, other)
                        if gain > best?.gain ?? 1e-9 { best = (gain, other) }
                    }
                }
            }
            guard let best else { continue }
            exchange(picture, best.other)
            exchanges += 1
        }
        return exchanges
    }

    private func picture(at place: SIMD2<Float>) -> Int? {
        let (column, row) = (Int(place.x), Int(place.y))
        guard place.x >= 0, place.y >= 0, column < columns else { return nil }
        let cell = row * columns + column
        return cell < pictures.count ? Int(pictures[cell]) : nil
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        cells.swapAt(a, b)
        places.swapAt(a, b)
        pictures.swapAt(cells[a], cells[b])
    }

    /// The weighted mean of the cells of a picture's neighbours, as a whole cell.
    private func middle(of picture: Int) -> SIMD2<Float> {
        var (sum, weight) = (SIMD2<Float>.zero, Float.leastNormalMagnitude)
        for edge in graph.starts[picture]..<graph.starts[picture + 1] {
            sum += places[Int(graph.targets[edge])] * graph.weights[edge]
            weight += graph.weights[edge]
        }
        return (sum / weight).rounded(.toNearestOrAwayFromZero)
    }

    /// How much lower the sum is after an exchange, in units of the mean weight of a picture.
    private func gain(of a: Int, _ b: Int) -> Float {
        (cost(of: a, at: places[a], without: b) + cost(of: b, at: places[b], without: a)
            - cost(of: a, at: places[b], without: b) - cost(of: b, at: places[a], without: a))
            * Float(cells.count)
    }

    /// - Parameter partner: the distance to it stays the same.
    private func cost(of picture: Int, at place: SIMD2<Float>, without partner: Int) -> Float {
        graph.targets.withUnsafeBufferPointer { targets in
            places.withUnsafeBufferPointer { places in
                var sum: Float = 0
                for edge in graph.starts[picture]..<graph.starts[picture + 1] {
                    let target = Int(targets[edge])
                    if target == partner { continue }
                    let way = place - places[target]
                    let square = (way * way).sum()
                    sum += graph.weights[edge] * (square / (square + Self.reach))
                }
                return sum
            }
        }
    }
}

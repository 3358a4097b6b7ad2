package import Parallel

/// Puts pictures into the cells of a grid, one in each, so that neighbours of the plane stay neighbours.
///
/// First the plane is divided in two again and again, at the median of its longer side. Then pictures are
/// sorted by their features, with a blur that shrinks, and at last they exchange cells where that brings them
/// nearer to the pictures that they are like.
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
    private static let sweeps = 16

    /// - Parameters:
    ///   - places: of the pictures in the plane.
    ///   - graph: the pictures that attract each other.
    ///   - features: of each picture.
    /// - Throws: `KernelError`.
    package init(
        _ places: [SIMD2<Float>], graph: NeighbourGraph, features: PlaneFeatures, workers: Workers
    ) throws {
        precondition(features.count == places.count, "a row of features for each picture")
        let count = places.count
        columns = min(count, Int((Double(count) * Self.shape).squareRoot().rounded(.up)))
        cells = [Int](repeating: 0, count: count)
        guard count > 0 else { return }
        var order = Array(0..<count)
        split(&order, 0..<count, columns: 0..<columns, rows: 0..<rows, places)
        var sorting = SelfSortingMap(
            cells, columns: columns, features: try SortedFeatures(features, workers: workers))
        try sorting.sort(workers: workers)
        var exchange = CellExchange(sorting.cells, columns: columns, graph: graph)
        for _ in 0..<Self.sweeps where try exchange.sweep(workers: workers) == 0 { break }
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

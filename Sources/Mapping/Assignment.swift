/// The assignment problem: each row gets a column of its own, so that the sum of their costs is least.
///
/// By the method of H. Kuhn and J. Munkres with shortest augmenting paths (R. Burkard et al., "Assignment
/// Problems", 2009, section 4.4), in n³ steps.
struct Assignment {
    private let size: Int
    private var costs: [Float]
    // One place more, in front, for "none".
    private var rowPrices: [Float]
    private var columnPrices: [Float]
    private var rowOf: [Int]
    private var way: [Int]
    private var least: [Float]
    private var isUsed: [Bool]

    /// A gain below this part of the costs is rounding, and changes nothing.
    private static let slack: Float = 1e-5

    /// - Parameter size: most rows and columns.
    init(size: Int) {
        self.size = size
        costs = [Float](repeating: 0, count: size * size)
        rowPrices = [Float](repeating: 0, count: size + 1)
        (columnPrices, least) = (rowPrices, rowPrices)
        rowOf = [Int](repeating: 0, count: size + 1)
        way = rowOf
        isUsed = [Bool](repeating: false, count: size + 1)
    }

    mutating func set(_ row: Int, _ column: Int, _ cost: Float) {
        costs[row * size + column] = cost
    }

    /// The column of each row; the row's own number, if no other assignment costs less.
    /// - Parameter count: number of rows and columns that were set.
    mutating func solve(_ count: Int) -> [Int] {
        for place in 0...count {
            (rowPrices[place], columnPrices[place], rowOf[place]) = (0, 0, 0)
        }
        for row in stride(from: 1, through: count, by: 1) { augment(row, count) }
        var columns = [Int](repeating: 0, count: count)
        for column in stride(from: 1, through: count, by: 1) {
            columns[rowOf[column] - 1] = column - 1
        }
        var (before, after): (Float, Float) = (0, 0)
        for row in 0..<count {
            before += costs[row * size + row]
            after += costs[row * size + columns[row]]
        }
        return after < before * (1 - Self.slack) ? columns : Array(0..<count)
    }

    /// Finds a column for one more row, along the path of least cost.
    private mutating func augment(_ row: Int, _ count: Int) {
        rowOf[0] = row
        for column in 0...count { (least[column], isUsed[column]) = (.infinity, false) }
        var column = 0
        repeat {
            isUsed[column] = true
            let (own, start) = (rowOf[column], (rowOf[column] - 1) * size - 1)
            var (delta, next) = (Float.infinity, 0)
            for other in 1...count where !isUsed[other] {
                let cost = costs[start + other] - rowPrices[own] - columnPrices[other]
                if cost < least[other] { (least[other], way[other]) = (cost, column) }
                if least[other] < delta { (delta, next) = (least[other], other) }
            }
            for other in 0...count {
                if isUsed[other] {
                    rowPrices[rowOf[other]] += delta
                    columnPrices[other] -= delta
                } else {
                    least[other] -= delta
                }
            }
            column = next
        } while rowOf[column] != 0
        while column != 0 {
            rowOf[column] = rowOf[way[column]]
            column = way[column]
        }
    }
}

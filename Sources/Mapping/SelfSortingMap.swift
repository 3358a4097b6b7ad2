import Parallel
import RandomNumbers

/// Sorts pictures into the cells of a grid by their features, so that near cells hold like pictures and far
/// ones unlike.
///
/// The grid is blurred, and a few pictures at a time are given the cells whose blurred features are most like
/// theirs; then the blur and the distances between these cells shrink (K. Barthel et al., "Improved evaluation
/// and generation of grid layouts using distance preservation quality and linear assignment sorting", 2023).
struct SelfSortingMap {
    private typealias Lanes = SortedFeatures.Lanes

    /// For each picture the number of its cell.
    var cells: [Int] {
        var cells = [Int](repeating: 0, count: pictures.count)
        for (cell, picture) in pictures.enumerated() { cells[Int(picture)] = cell }
        return cells
    }

    /// For each cell its picture.
    private var pictures: [Int32]
    private let columns: Int
    private let rows: Int
    private let features: [Lanes]

    /// The radius of the blur becomes this part of itself in each step.
    private static let shrinking: Float = 0.93
    /// Number of pictures that exchange their cells at a time.
    private static let group = 20
    /// Groups that are arranged at a time, and that a thread takes.
    private static let (batch, chunk) = (32, 4)
    private static let width = SortedFeatures.width

    init(_ cells: [Int], columns: Int, features: SortedFeatures) {
        pictures = [Int32](repeating: 0, count: cells.count)
        for (picture, cell) in cells.enumerated() { pictures[cell] = Int32(picture) }
        self.columns = columns
        rows = (cells.count + columns - 1) / max(1, columns)
        self.features = features.values
    }

    /// From a radius of the longer side down to one cell.
    mutating func sort(workers: Workers) throws {
        guard pictures.count > 1 else { return }
        var random = SplitMix64(seed: 0)
        var radius = Float(max(columns, rows))
        while radius >= 1 {
            let reach = Int(radius.rounded())
            let goals = try blurred(reach, workers)
            try exchange(goals, reach, &random, workers)
            radius *= Self.shrinking
        }
    }

    // MARK: Blur

    /// The mean features of the cells around each cell. Cells behind the last picture count as those above.
    private func blurred(_ reach: Int, _ workers: Workers) throws -> [Lanes] {
        let (columns, rows, width) = (columns, rows, Self.width)
        var goals = [Lanes](repeating: .zero, count: columns * rows * width)
        for cell in 0..<columns * rows {
            let picture = Int(pictures[cell < pictures.count ? cell : cell - columns])
            for lane in 0..<width {
                goals[cell * width + lane] = features[picture * width + lane]
            }
        }
        try workers.fill(&goals, total: rows, chunk: 4) { range, goals in
            for row in range {
                Self.blur(goals + row * columns * width, count: columns, stride: width, reach)
            }
        }
        try workers.fill(&goals, total: columns, chunk: 4) { range, goals in
            for column in range {
                Self.blur(goals + column * width, count: rows, stride: columns * width, reach)
            }
        }
        return goals
    }

    /// Replaces each value of a line by the mean of those at most `reach` away.
    private static func blur(
        _ line: UnsafeMutablePointer<Lanes>, count: Int, stride: Int, _ reach: Int
    ) {
        var means = [Lanes](repeating: .zero, count: count)
        for lane in 0..<width {
            var (sum, first, end) = (Lanes.zero, 0, 0)
            for place in 0..<count {
                while end < min(count, place + reach + 1) {
                    sum += line[end * stride + lane]
                    end += 1
                }
                while first < place - reach {
                    sum -= line[first * stride + lane]
                    first += 1
                }
                means[place] = sum / Float(end - first)
            }
            for place in 0..<count { line[place * stride + lane] = means[place] }
        }
    }

    // MARK: Exchange

    /// Gives groups of pictures, drawn from squares of the grid, the cells that suit them best. Some groups,
    /// which share no cell, are arranged at a time, so that threads share the work.
    private mutating func exchange(
        _ goals: [Lanes], _ reach: Int, _ random: inout SplitMix64, _ workers: Workers
    ) throws {
        var isTaken = [Bool](repeating: false, count: pictures.count)
        var rest = pictures.count / Self.group + 1
        while rest > 0 {
            var groups: [[Int]] = []
            for _ in 0..<min(rest, Self.batch) {
                groups.append(drawn(reach, &isTaken, &random))
            }
            rest -= groups.count
            let orders = try orders(of: groups, goals, workers)
            for (group, own) in zip(groups, orders) {
                for (cell, picture) in zip(group, own) {
                    pictures[cell] = picture
                    isTaken[cell] = false
                }
            }
        }
    }

    private func orders(of groups: [[Int]], _ goals: [Lanes], _ workers: Workers) throws
        -> [[Int32]]
    {
        try workers.map(groups.count, chunk: Self.chunk) { arranged(groups[$0], goals) }
    }

    /// Some cells of a square around a cell that nobody has taken.
    private func drawn(
        _ reach: Int, _ isTaken: inout [Bool], _ random: inout SplitMix64
    ) -> [Int] {
        let side = max(3, 2 * reach + 1)
        let (wide, high) = (min(side, columns), min(side, rows))
        // The square is moved into the grid, so that cells at the border are drawn as often.
        let left = max(0, min(columns - wide, Self.below(columns, &random) - wide / 2))
        let top = max(0, min(rows - high, Self.below(rows, &random) - high / 2))
        var group: [Int] = []
        let isSmall = wide * high <= Self.group
        for number in 0..<(isSmall ? wide * high : 2 * Self.group) {
            let place = isSmall ? number : Self.below(wide * high, &random)
            let cell = (top + place / wide) * columns + left + place % wide
            guard cell < pictures.count, !isTaken[cell] else { continue }
            isTaken[cell] = true
            group.append(cell)
            if group.count == Self.group { break }
        }
        return group
    }

    /// A number below `end`. The remainder prefers small ones by less than 10⁻¹².
    private static func below(_ end: Int, _ random: inout SplitMix64) -> Int {
        Int(random.next() % UInt64(max(1, end)))
    }

    /// The pictures of some cells, in the order that suits the cells best.
    private func arranged(_ group: [Int], _ goals: [Lanes]) -> [Int32] {
        var own = group.map { pictures[$0] }
        var assignment = Assignment(size: Self.group)
        features.withUnsafeBufferPointer { features in
            goals.withUnsafeBufferPointer { goals in
                for (row, picture) in own.enumerated() {
                    for (column, cell) in group.enumerated() {
                        var sum = Lanes.zero
                        for lane in 0..<Self.width {
                            let way =
                                features[Int(picture) * Self.width + lane]
                                - goals[cell * Self.width + lane]
                            sum += way * way
                        }
                        assignment.set(row, column, sum.sum())
                    }
                }
            }
        }
        let moved = own
        for (row, column) in assignment.solve(group.count).enumerated() { own[column] = moved[row] }
        return own
    }
}

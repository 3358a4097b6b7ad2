extension GridLayout {
    /// A grid that is as near as possible to an earlier one: pictures keep their cells.
    ///
    /// The cells of pictures that are gone, and those at the end, are for pictures without a cell: for new
    /// ones, and for those whose cells lie behind the last picture of today. One after the other takes the
    /// free cell that is nearest to its goal: its own earlier cell, or that of the picture it is most like.
    /// Pictures without a goal take what is left, in their order.
    ///
    ///     // Four pictures in a row; the second is gone, so the last one takes its cell.
    ///     GridLayout(keeping: [0, 2, 3], columns: 4, graph: graph).cells  // [0, 2, 1]
    ///
    /// - Parameters:
    ///   - earlier: for each picture its cell in a grid of any size, each at most once; `nil` for a new one.
    ///   - columns: of the earlier grid.
    ///   - graph: says which pictures are alike.
    package init(keeping earlier: [Int?], columns: Int, graph: NeighbourGraph) {
        let count = earlier.count
        precondition(count == 0 || (1...count).contains(columns), "a row that is full")
        var cells = earlier.map { cell in cell.flatMap { $0 < count ? $0 : nil } }
        let taken = Set(cells.compactMap(\.self))
        var free = (0..<count).filter { !taken.contains($0) }
        var rest: [Int] = []
        for picture in cells.indices where cells[picture] == nil {
            guard let goal = earlier[picture] ?? graph.goal(of: picture, earlier) else {
                rest.append(picture)
                continue
            }
            func distance(_ cell: Int) -> Int {
                let (x, y) = (cell % columns - goal % columns, cell / columns - goal / columns)
                return x * x + y * y
            }
            guard let nearest = free.indices.min(by: { distance(free[$0]) < distance(free[$1]) })
            else { preconditionFailure("There are as many free cells as pictures without one.") }
            cells[picture] = free.remove(at: nearest)
        }
        for (picture, cell) in zip(rest, free) { cells[picture] = cell }
        self.init(columns: columns, cells: cells.compactMap(\.self))
    }
}

extension NeighbourGraph {
    /// The earlier cell of the picture that attracts `picture` most, of those that have one.
    fileprivate func goal(of picture: Int, _ earlier: [Int?]) -> Int? {
        var best: (weight: Float, cell: Int)?
        for edge in starts[picture]..<starts[picture + 1] {
            guard let cell = earlier[Int(targets[edge])] else { continue }
            if weights[edge] > best?.weight ?? -1 { best = (weights[edge], cell) }
        }
        return best?.cell
    }
}

/// Finds the points of the plane that are nearest to one of them.
struct NearestPoints: Sendable {
    /// From left to right.
    private let points: [SIMD2<Float>]
    /// The number of each of `points`.
    private let order: [Int]
    /// The place of each point in `order`.
    private let ranks: [Int]

    init(_ points: [SIMD2<Float>]) {
        let order = points.indices.sorted { (points[$0].x, $0) < (points[$1].x, $1) }
        var ranks = order
        for (rank, index) in order.enumerated() { ranks[index] = rank }
        self.points = order.map { points[$0] }
        (self.order, self.ranks) = (order, ranks)
    }

    /// The nearest other points, the nearest first; of equally near ones the first.
    /// - Parameter count: how many, if there are as many.
    func nearest(to index: Int, count: Int) -> [Int] {
        guard count > 0 else { return [] }
        let own = points[ranks[index]]
        var squares: [Float] = []
        var found: [Int] = []
        func offer(_ place: Int) {
            let way = points[place] - own
            let square = (way * way).sum()
            let other = order[place]
            func isAfter(_ rank: Int) -> Bool {
                squares[rank] < square || (squares[rank] == square && found[rank] < other)
            }
            if found.count == count {
                if isAfter(count - 1) { return }
                squares.removeLast()
                found.removeLast()
            }
            var rank = found.count
            while rank > 0, !isAfter(rank - 1) { rank -= 1 }
            squares.insert(square, at: rank)
            found.insert(other, at: rank)
        }
        // From the point to the left and to the right, until all others are farther away in x alone.
        func isBeyond(_ place: Int) -> Bool {
            let way = points[place].x - own.x
            return found.count == count && way * way > squares[count - 1]
        }
        var (left, right) = (ranks[index] - 1, ranks[index] + 1)
        while left >= 0 || right < points.count {
            if left >= 0 {
                if isBeyond(left) {
                    left = -1
                } else {
                    offer(left)
                    left -= 1
                }
            }
            if right < points.count {
                if isBeyond(right) {
                    right = points.count
                } else {
                    offer(right)
                    right += 1
                }
            }
        }
        return found
    }
}

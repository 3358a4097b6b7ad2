/// Finds the points of the plane that are nearest to one of them.
struct NearestPoints: Sendable {
    private let points: [SIMD2<Float>]
    /// The numbers of the points from left to right.
    private let order: [Int]
    /// The place of each point in `order`.
    private let ranks: [Int]

    init(_ points: [SIMD2<Float>]) {
        self.points = points
        let order = points.indices.sorted { (points[$0].x, $0) < (points[$1].x, $1) }
        var ranks = order
        for (rank, index) in order.enumerated() { ranks[index] = rank }
        (self.order, self.ranks) = (order, ranks)
    }

    /// The nearest other points, the nearest first; of equally near ones the first.
    /// - Parameter count: how many, if there are as many.
    func nearest(to index: Int, count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var found: [(square: Float, index: Int)] = []
        func isFarther(_ way: Float) -> Bool {
            found.count == count && way * way > found[count - 1].square
        }
        func offer(_ other: Int) {
            let way = points[other] - points[index]
            let candidate = (square: (way * way).sum(), index: other)
            if found.count == count {
                guard candidate < found[count - 1] else { return }
                found.removeLast()
            }
            let place = found.lastIndex { $0 < candidate }.map { $0 + 1 } ?? 0
            found.insert(candidate, at: place)
        }
        // From the point to the left and to the right, until all others are farther away in x alone.
        let x = points[index].x
        var (left, right) = (ranks[index] - 1, ranks[index] + 1)
        while left >= 0 || right < order.count {
            if left >= 0 {
                let other = order[left]
                if isFarther(x - points[other].x) {
                    left = -1
                } else {
                    offer(other)
                    left -= 1
                }
            }
            if right < order.count {
                let other = order[right]
                if isFarther(points[other].x - x) {
                    right = order.count
                } else {
                    offer(other)
                    right += 1
                }
            }
        }
        return found.map(\.index)
    }
}

/// One of several equal shares of some work, for example of the pictures of a collection.
public struct Share: Sendable, Equatable {
    /// From 0.
    public let index: Int
    /// Number of shares.
    public let count: Int

    /// All of the work.
    public static let whole = Share(index: 0, count: 1)

    /// - Precondition: `index` is one of `count` shares.
    public init(index: Int, count: Int) {
        precondition((0..<count).contains(index), "a share is one of all shares")
        self.index = index
        self.count = count
    }

    /// The indices of this share among `0..<total`. The ranges of all shares are equally long, except
    /// that some have one index more, and follow each other.
    ///
    ///     Share(index: 1, count: 3).range(of: 8)  // 2..<5
    ///
    /// With fewer indices than shares, some ranges are empty.
    public func range(of total: Int) -> Range<Int> {
        total * index / count..<total * (index + 1) / count
    }

    /// The rows of this share when row i costs i + 1 units of work, so that all shares have almost the
    /// same work: each row of a triangle is compared with all rows before it.
    ///
    ///     Share(index: 0, count: 2).triangularRange(of: 8)  // 0..<5
    public func triangularRange(of total: Int) -> Range<Int> {
        row(index, of: total)..<row(index + 1, of: total)
    }

    /// The first row of the share number `number`: that from which on so much of the triangle's area is
    /// left as later shares have.
    private func row(_ number: Int, of total: Int) -> Int {
        guard number < count else { return total }
        let area = total * (total + 1) / 2 * number / count
        var row = Int((2 * Double(area)).squareRoot())
        while row * (row + 1) / 2 > area { row -= 1 }
        while (row + 1) * (row + 2) / 2 <= area { row += 1 }
        return min(total, row)
    }
}

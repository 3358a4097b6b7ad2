/// A share of things that were counted: `count` of `total`.
public struct Proportion: Sendable, Equatable {
    public let count: Int
    public let total: Int

    public init(_ count: Int, of total: Int) {
        self.count = count
        self.total = total
    }
}

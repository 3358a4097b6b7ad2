/// A share of things that were counted.
public struct Proportion: Sendable, Equatable {
    public let hits: Int
    public let total: Int

    public init(hits: Int, of total: Int) {
        self.hits = hits
        self.total = total
    }
}

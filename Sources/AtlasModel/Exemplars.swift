/// Pictures that stand for a rock type: the most typical ones and the least typical ones.
public struct Exemplars: Sendable, Equatable {
    /// The picture with the least mean correlation distance to all others of its label.
    public let medoid: Int?
    /// Those that come next by that distance, nearest first.
    public let typical: [Int]
    /// Those with the greatest mean distance, farthest first; none of them is typical.
    public let extreme: [Int]
    /// Those with the least margin between the two highest calibrated probabilities, least first.
    public let doubtful: [Int]

    public init(medoid: Int?, typical: [Int], extreme: [Int], doubtful: [Int]) {
        self.medoid = medoid
        self.typical = typical
        self.extreme = extreme
        self.doubtful = doubtful
    }

    /// All of them, in the order of the plate.
    public var all: [Int] { (medoid.map { [$0] } ?? []) + typical + extreme + doubtful }
}

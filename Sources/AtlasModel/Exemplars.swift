/// Pictures that stand for a rock type: the most typical ones and the least typical ones.
package struct Exemplars: Sendable, Equatable {
    /// The picture with the least mean correlation distance to all others of its label.
    package let medoid: Int?
    /// Those that come next by that distance, nearest first.
    package let typical: [Int]
    /// Those with the greatest mean distance, farthest first; none of them is typical.
    package let extreme: [Int]
    /// Those with the least margin between the two highest calibrated probabilities, least first.
    package let doubtful: [Int]

    package init(medoid: Int?, typical: [Int], extreme: [Int], doubtful: [Int]) {
        self.medoid = medoid
        self.typical = typical
        self.extreme = extreme
        self.doubtful = doubtful
    }

    /// All of them, in the order of the plate.
    package var all: [Int] { (medoid.map { [$0] } ?? []) + typical + extreme + doubtful }
}

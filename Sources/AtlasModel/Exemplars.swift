/// Example pictures of a rock type: the most typical, the least typical and the most doubtful ones.
package struct Exemplars: Sendable, Equatable {
    /// The picture with the least mean correlation distance to all others of its label.
    package let medoid: Int?
    /// The next pictures by that distance, nearest first.
    package let typical: [Int]
    /// The pictures with the greatest mean distance, farthest first. None of them is in `typical`.
    package let extreme: [Int]
    /// The pictures with the smallest margin between their two highest calibrated probabilities,
    /// smallest first.
    package let doubtful: [Int]

    package init(medoid: Int?, typical: [Int], extreme: [Int], doubtful: [Int]) {
        self.medoid = medoid
        self.typical = typical
        self.extreme = extreme
        self.doubtful = doubtful
    }

    /// All of them, in the order in which the plate shows them.
    package var all: [Int] { (medoid.map { [$0] } ?? []) + typical + extreme + doubtful }
}

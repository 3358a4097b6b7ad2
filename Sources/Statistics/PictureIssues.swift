package import AtlasModel
import Foundation

extension PictureIssue {
    /// What is odd about each picture, in the order of the cases, by the measures and at the default
    /// thresholds of CleanVision 0.3.7:
    ///
    /// - dark: the 99th percentile of brightness is below 0.32;
    /// - light: the 5th is above 0.95;
    /// - flat: the entropy is below 3 bits;
    /// - blurred: 1 − exp(−edges/100) is below 0.29, and so is its sum with 1 − exp(−greys/100), unless
    ///   the latter is at most 0.18;
    /// - odd shape: one side is less than 0.35 of the other;
    /// - odd size: √(width · height) is further than 3 interquartile ranges outside the quartiles of all
    ///   pictures.
    /// - Parameter sizes: one for each picture.
    package static func found(
        _ measures: [PictureMeasures], sizes: [(width: Int, height: Int)]
    ) -> [[PictureIssue]] {
        precondition(measures.count == sizes.count, "one size for each picture")
        let lengths = sizes.map { (Double($0.width) * Double($0.height)).squareRoot() }
        let usual = usualLengths(lengths.sorted())
        return measures.indices.map { index in
            allCases.filter { issue in
                switch issue {
                case .oddShape:
                    let (width, height) = sizes[index]
                    return Double(min(width, height)) < 0.35 * Double(max(width, height))
                case .oddSize: return !usual.contains(lengths[index])
                case .dark, .light, .flat, .blurred: return issue.isFound(in: measures[index])
                }
            }
        }
    }

    /// Of issues that pixels tell.
    private func isFound(in measures: PictureMeasures) -> Bool {
        switch self {
        case .dark: return measures.brightest < 0.32
        case .light: return 1 - measures.dimmest < 0.05
        case .flat: return measures.entropy / 10 < 0.3
        case .blurred:
            let edges = 1 - exp(-measures.edges / 100)
            let greys = 1 - exp(-measures.greys / 100)
            return min(1, edges + (greys <= 0.18 ? 0 : greys)) < 0.29
        case .oddShape, .oddSize: return false
        }
    }

    /// The lengths that are not odd.
    private static func usualLengths(_ sorted: [Double]) -> ClosedRange<Double> {
        guard !sorted.isEmpty else { return 0...0 }
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let (low, high) = (Int(place), min(Int(place) + 1, sorted.count - 1))
            return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
        }
        let (lower, upper) = (quantile(0.25), quantile(0.75))
        let reach = 3 * (upper - lower)
        return lower - reach...upper + reach
    }
}

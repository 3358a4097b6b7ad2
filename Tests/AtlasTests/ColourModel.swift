import AtlasModel
import Parallel
import Similarity

// A fourth likeness model, added as a developer would add it: this file, and its name in a table.
// It compares the mean colour of pictures by Euclidean distance.

extension LikenessView {
    static let colour = LikenessView(
        id: "colour", measure: .other("for the mean colour, 2 is from black to white"),
        entry: "colour.h5")
}

extension LikenessModel {
    static let colour = LikenessModel(
        id: "colour", title: "Mean colour", view: .colour, scope: .collection,
        words: LikenessWords(
            panel: { _ in "Nearest by mean colour" },
            choice: { _ in "The nearest of all pictures by mean colour" },
            colophon: "mean colour"))
}

extension LikenessEntry {
    static let colour = LikenessEntry(.colour) { ColourSearch($0.vectors) }
}

extension LikenessTable {
    /// The models of this release, and the mean colour.
    static let withColour = LikenessTable(standard.entries + [.colour])
}

/// Compares every mean colour with every other. A rotation does not change the mean, so targets are
/// not rotated.
private struct ColourSearch: TargetSearch {
    private let colours: [SIMD3<Double>]

    init(_ vectors: ModelVectors) {
        colours = (0..<vectors.count).map { Self.mean(of: vectors[$0]) }
    }

    /// Each share finds all targets.
    func neighbours(
        of share: Share, top: Int, workers: Workers, progress: ProgressReport?
    ) -> FoundTargets {
        [.collection: colours.enumerated().map { nearest(to: $1, except: $0, top: top) }]
    }

    func targets(
        of asked: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) -> FoundTargets {
        [
            .collection: (0..<asked.vectors.count).map {
                nearest(to: Self.mean(of: asked.vectors[$0]), except: excluding($0), top: top)
            }
        ]
    }

    private func nearest(to colour: SIMD3<Double>, except own: Int?, top: Int) -> [Match] {
        let all = colours.enumerated().map { index, other in
            let difference = other - colour
            let length = (difference * difference).sum().squareRoot()
            return Match(
                target: index, distance: 2 * length / (255 * 3.0.squareRoot()), rotation: 0)
        }
        let others = all.filter { $0.target != own }
        return Array(
            others.sorted { ($0.distance, $0.target) < ($1.distance, $1.target) }.prefix(top))
    }

    private static func mean(of vector: some Collection<UInt8>) -> SIMD3<Double> {
        let sum = vector.enumerated().reduce(into: SIMD3<Double>.zero) {
            $0[$1.offset % 3] += Double($1.element)
        }
        return sum / Double(vector.count / 3)
    }
}

import AtlasModel
import Testing

@testable import Classification

@Suite("Folding a network for prediction")
struct FoldingTests {
    /// White where row and column are even, black elsewhere: one white pixel in each window of 2 × 2.
    private let picture = ModelVectors(
        bytes: (0..<ModelVectors.length).map { place in
            let (row, column) = (place / 3 / ModelVectors.side, place / 3 % ModelVectors.side)
            return row % 2 == 0 && column % 2 == 0 ? 255 : 0
        })

    /// Two filters that give 1.25 and −0.5 for white, 0.25 and 0.5 for black; normalised with means
    /// 0.25 and 0.5, deviations 2, shifts 0.5 and 1, and `scales` γ.
    private func network(
        _ middle: [Architecture.Kind], scales: [Float]
    ) throws -> Network {
        let kinds =
            [.convolution(filters: 2, kernel: 1, same: false)] + middle
            + [.globalAveragePooling, .dropout(0.5), .dense(2), .softmax]
        return Network(
            architecture: Architecture(
                name: "small",
                layers: kinds.enumerated().map { .init(name: "layer_\($0)", kind: $1) }),
            classes: ["a", "b"],
            values: [1, -1, 0, 0, 0, 0, 0.25, 0.5] + scales + [0.5, 1] + [1, 0, 0, 1, 0, 0],
            statistics: [0.25, 0.5, 3.999, 3.999], temperature: 1, trainingDigests: [], origin: nil)
    }

    private static let normalization = Architecture.Kind.normalization(
        epsilon: 1e-3, momentum: 0.9)

    // Computed by hand: (x − μ) γ / 2 + β, rectified, largest of each window, mean.
    @Test(
        "A normalisation is folded into the convolution only if the result stays the same",
        arguments: [
            ([normalization, .rectifier, .maxPooling(2)], [2, -4], [1.5, 3], 6),
            ([normalization, .rectifier, .maxPooling(2)], [2, 4], [1.5, 1], 6),
            ([.maxPooling(2), normalization, .rectifier], [2, 4], [1.5, 1], 6),
            // A negative scale must not be moved to before the pooling.
            ([.maxPooling(2), normalization, .rectifier], [2, -4], [1.5, 1], 7),
            ([.rectifier, normalization, .maxPooling(2)], [2, -4], [1.5, 2], 7),
            ([.maxPooling(2), .rectifier, normalization], [-2, -4], [-0.5, 1], 7),
        ] as [([Architecture.Kind], [Float], [Float], Int)])
    func folded(
        _ middle: [Architecture.Kind], scales: [Float], expected: [Float], layers: Int
    ) throws {
        let network = try network(middle, scales: scales)
        let scores = try #require(network.scores(picture, threads: 1).first)
        for (score, value) in zip(scores, expected) { #expect(abs(score - value) < 1e-5) }
        let folded = try FoldedNetwork(network)
        #expect(folded.architecture.layers.count == layers)
        // The rectifier directly follows the convolution, which then applies it.
        #expect(folded.architecture.layers[1].kind == .rectifier || layers == 7)
    }
}

import AtlasModel
import Parallel
import RandomNumbers
import Testing

@testable import Similarity

@Suite struct SameGroundTests {
    private let workers = Workers(2)

    /// Twelve pictures of noise.
    private static let pictures: ModelVectors = {
        var random = SplitMix64(seed: 3)
        return ModelVectors(
            bytes: (0..<12 * ModelVectors.length).map { _ in UInt8(random.below(256)) })
    }()

    /// Pictures 0 and 5 show the same ground at (7, 7), 0 and 7 at (0, 6).
    private static let pairs = [
        PicturePair(a: 0, b: 5, kind: .ground, down: 7, right: 7, correlation: 0.99),
        PicturePair(a: 0, b: 7, kind: .ground, right: 6, correlation: 0.98),
    ]

    private func search(specimens: Specimens = .none) throws -> SameGroundSearch {
        var input = LikenessInput(Self.pictures, rotations: false, workers: workers)
        input.specimens = specimens
        return try SameGroundSearch(
            input,
            GroundPairing(
                within: { _ in Self.pairs },
                between: { candidates, _ in
                    // The candidate is a copy of picture 0.
                    Self.pairs.map {
                        PicturePair(
                            a: 0, b: candidates.count + $0.b, kind: .ground, down: $0.down,
                            right: $0.right, correlation: $0.correlation)
                    }
                }))
    }

    private func whole() throws -> [[Match]] {
        try CorrelationSearch(Self.pictures, kmeans: nil, rotations: false, workers: workers)
            .matches(top: 4, workers: workers)
    }

    @Test func `Pictures of the same ground come first, the others as Pairwise ranks them`() throws
    {
        let found = try search().matches(top: 4, workers: workers)
        let whole = try whole()
        #expect(found[0].prefix(2).map(\.target) == [5, 7])
        // 0.01 of 21 · 21 pixels, and 0.02 of 28 · 22 pixels.
        #expect(abs(found[0][0].distance - 0.01 * 784 / 441) < 1e-12)
        #expect(abs(found[0][1].distance - 0.02 * 28 / 22) < 1e-12)
        #expect(
            Array(found[0].dropFirst(2))
                == whole[0].filter { ![5, 7].contains($0.target) }.prefix(2).map(\.self))
        #expect(found[5][0].target == 0)
        #expect(found[1] == whole[1])
    }

    @Test func `A candidate from elsewhere is shifted too, and leaves itself and its specimen out`()
        throws
    {
        let search = try search(
            specimens: Specimens((0..<12).map { [0, 7].contains($0) ? "x" : "" }))
        func targets(_ own: Int?) throws -> [Int] {
            try search.targets(
                of: Self.pictures.selecting([0]), excluding: { _ in own }, top: 2, workers: workers
            )[.collection, default: []][0].map(\.target)
        }
        #expect(try targets(nil) == [0, 5])
        #expect(try targets(0).first == 5)
    }
}

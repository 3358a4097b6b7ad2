import AtlasModel
import Parallel
import Testing

@testable import Similarity

/// What several shares find, put together, is compared with what one search of everything finds.
@Suite struct SharedSearchTests {
    private let workers = Workers(2)
    /// Two blocks of the search of pixels.
    private static let pictures = noise(600, seed: 21)
    private static let groups = PictureGroups(
        pairs: [], first: (0..<600).map { $0 % 100 == 0 ? 0 : $0 })
    private static let folding = Folding(groups, kinds: Set(PairKind.allCases))

    private func joined(
        _ search: some TargetSearch, _ scope: LikenessScope, shares: Int, top: Int
    ) throws -> [[Match]] {
        let model = LikenessTable.standard.models[0]
        let tables = try (0..<shares).map { index in
            let found = try search.neighbours(
                of: Share(index: index, count: shares), top: top, workers: workers, progress: nil)
            return Neighbours(model: model, matches: found[scope, default: []])
        }
        return tables.dropFirst().reduce(tables[0]) { Self.folding.joined($0, $1, top: top) }
            .matches
    }

    @Test("Pixels, in clusters and in the collection, turned or not", arguments: [false, true])
    func pixels(rotations: Bool) throws {
        let model = try KMeansModel.fit(
            Self.pictures.selecting(Array(0..<40)),
            KMeansSettings(k: 2...2, restarts: 1, rotations: rotations), workers: workers
        ).model
        let search = try CorrelationSearch(
            Self.pictures, kmeans: model, rotations: rotations, folding: Self.folding,
            workers: workers)
        let whole = try search.neighbours(top: 5, workers: workers, progress: nil)
        for (scope, matches) in whole {
            #expect(try joined(search, scope, shares: 1, top: 5) == matches)
            // More shares than blocks, so some are empty.
            for shares in [2, 3] {
                #expect(try joined(search, scope, shares: shares, top: 5) == matches)
            }
        }
    }

    @Test func `Features of a network`() throws {
        let some = Self.pictures.selecting(Array(0..<90))
        let search = try EmbeddingSearch(some, rotations: false, folding: Self.folding) {
            pictures in
            FeatureVectors(
                values: pictures.bytes.enumerated().filter { $0.offset % 98 == 0 }
                    .map { Float($0.element) + 1 }, width: 24)
        }
        let whole = try search.matches(top: 5, workers: workers)
        #expect(try joined(search, .collection, shares: 3, top: 5) == whole)
    }

    @Test func `Same ground`() throws {
        var input = LikenessInput(Self.pictures, rotations: false, workers: workers)
        input.folding = Self.folding
        // Picture 0 shows the ground of its second match, which the search of all finds too, in another share.
        let all = try CorrelationSearch(
            Self.pictures, kmeans: nil, rotations: false, workers: workers)
        let second = try all.matches(top: 2, workers: workers)[0][1].target
        let pairs = [
            PicturePair(
                a: 0, b: second, kind: .ground, down: 7, right: 7, correlation: 0.99),
            PicturePair(a: 3, b: 4, kind: .ground, right: 6, correlation: 0.98),
        ]
        let search = try SameGroundSearch(
            input, GroundPairing(within: { _ in pairs }, between: { _, _ in [] }))
        let whole = try search.matches(top: 5, workers: workers)
        #expect(whole[0].filter { $0.target == second }.count == 1)
        #expect(try joined(search, .collection, shares: 3, top: 5) == whole)
    }
}

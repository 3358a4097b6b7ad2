import AtlasModel
import Parallel
import Testing

@testable import Similarity

/// Expected targets are taken from the ranking of all pictures, which is found without folding.
@Suite struct FoldingTests {
    private let workers = Workers(2)
    private static let pictures = noise(90, seed: 12)
    /// Every fifth picture is in the first group, so that more are folded than a panel holds; some are
    /// alone.
    private static let first = (0..<90).map { $0 % 5 == 0 ? 0 : $0 % 7 == 1 ? 1 : $0 }
    /// Picture 0 is a copy of 5 and shows the ground of 10; the others of its group are of one specimen.
    private static let groups = PictureGroups(
        pairs: [
            PicturePair(a: 0, b: 5, kind: .copy, correlation: 1),
            PicturePair(a: 0, b: 10, kind: .ground, correlation: 1),
            PicturePair(a: 0, b: 15, kind: .specimen, correlation: .nan),
        ], first: first)
    private static let folding = Folding(groups, kinds: Set(PairKind.allCases))

    /// The first of all and the first that are not folded, from all targets.
    private func expected(_ all: [[Match]], top: Int) -> [[Match]] {
        all.enumerated().map { own, matches in
            let unfolded = matches.filter { Self.first[own] != Self.first[$0.target] }
            let kept = Set(matches.prefix(top) + unfolded.prefix(top))
            return matches.filter(kept.contains)
        }
    }

    @Test(arguments: [false, true])
    func `Pixels, in clusters and in the collection`(rotations: Bool) throws {
        let model = try KMeansModel.fit(
            Self.pictures, KMeansSettings(k: 2...2, restarts: 2, rotations: rotations),
            workers: workers
        ).model
        func search(_ folding: Folding, top: Int) throws -> FoundTargets {
            try CorrelationSearch(
                Self.pictures, kmeans: model, rotations: rotations, folding: folding,
                workers: workers
            ).neighbours(top: top, workers: workers, progress: nil)
        }
        let all = try search(.none, top: 90)
        let found = try search(Self.folding, top: 6)
        for (scope, matches) in all { #expect(found[scope] == expected(matches, top: 6)) }
        #expect(found[.collection]?.contains { $0.count > 7 } == true, "some are folded")
    }

    @Test func `Features of a network`() throws {
        func search(_ folding: Folding, top: Int) throws -> [[Match]] {
            try EmbeddingSearch(Self.pictures, rotations: false, folding: folding) { pictures in
                FeatureVectors(
                    values: pictures.bytes.enumerated().filter { $0.offset % 98 == 0 }
                        .map { Float($0.element) + 1 }, width: 24)
            }.matches(top: top, workers: workers)
        }
        #expect(try search(Self.folding, top: 6) == expected(search(.none, top: 90), top: 6))
    }

    @Test func `Same ground, which is shown, while copies are folded`() throws {
        func search(_ folding: Folding, top: Int) throws -> [[Match]] {
            var input = LikenessInput(Self.pictures, rotations: false, workers: workers)
            input.folding = folding
            return try SameGroundSearch(
                input,
                GroundPairing(within: { _ in [Self.groups.pairs[1]] }, between: { _, _ in [] })
            ).matches(top: top, workers: workers)
        }
        let all = try search(.none, top: 90)
        let folding = Folding(Self.groups, kinds: LikenessView.ground.folded)
        let found = try search(folding, top: 89)
        #expect(found == all, "with room for all")
        let panels = folding.panels(Neighbours(model: .ground, matches: found), top: 89)
        #expect(panels.matches[0] == all[0].filter { $0.target % 5 != 0 || $0.target == 10 })
        #expect(panels.matches[0][0].target == 10)
    }

    @Test func `A ranking holds folded targets, and a panel as many others instead`() throws {
        let all = try CorrelationSearch(
            Self.pictures, kmeans: nil, rotations: false, workers: workers
        ).matches(top: 90, workers: workers)
        let found = Neighbours(model: .pairwise, matches: expected(all, top: 9))
        #expect(
            Self.folding.ranking(found, top: 9).matches == all.map { Array($0.prefix(9)) })
        let panels = Self.folding.panels(found, top: 9).matches
        for (own, panel) in panels.enumerated() {
            let others = all[own].filter { Self.first[own] != Self.first[$0.target] }
            #expect(panel == Array(others.prefix(9)))
        }
        #expect(Folding.none.panels(found, top: 9).matches == all.map { Array($0.prefix(9)) })
    }

    @Test func `A candidate from elsewhere belongs to no group`() {
        #expect(!Self.folding.folds(5, of: nil))
        #expect(Self.folding.folds(5, of: 10))
        #expect(!Self.folding.folds(6, of: 10))
    }
}

import AtlasModel
import Parallel
import Testing

@testable import Similarity

@Suite("Targets updated for a collection that has changed")
struct NeighboursUpdateTests {
    private let workers = Workers(2)
    private let pass = LikenessTable.standard.passes(for: [.kmeans, .pairwise])[0]

    /// Noise with many equal pictures, so that targets are tied.
    private static let pictures: ModelVectors = {
        let noise = noise(120, seed: 5)
        return noise.selecting((0..<120).map { $0 % 7 == 3 ? 3 : $0 })
    }()

    /// Updates the targets of the pictures `before` for the pictures `after`, both given as rising
    /// numbers of pictures, and expects what a new search finds.
    /// - Parameters:
    ///   - specimens: before and after, by number of the picture; none without.
    ///   - groups: before and after, the number of the first picture of the group; none without.
    private func check(
        before: [Int], after: [Int], top: Int, rotations: Bool,
        specimens: [@Sendable (Int) -> String] = [{ _ in "" }, { _ in "" }],
        groups: [@Sendable (Int) -> Int] = [{ $0 }, { $0 }]
    ) throws {
        let old = Self.pictures.selecting(before)
        let new = Self.pictures.selecting(after)
        let model = try KMeansModel.fit(
            Self.pictures, KMeansSettings(k: 3...3, restarts: 2, rotations: rotations),
            workers: workers
        ).model
        /// The first picture of each group may be missing.
        func folding(_ numbers: [Int], _ group: (Int) -> Int) -> Folding {
            let first = numbers.map { number in
                numbers.firstIndex { group($0) == group(number) } ?? 0
            }
            return Folding(
                PictureGroups(pairs: [], first: first), kinds: Set(PairKind.allCases))
        }
        func input(_ vectors: ModelVectors, _ names: [String], _ folding: Folding)
            -> LikenessInput
        {
            var input = LikenessInput(vectors, rotations: rotations, workers: workers)
            input.kmeans = model
            input.specimens = Specimens(names)
            input.folding = folding
            return input
        }
        let tables = try pass.search(
            input(old, before.map(specimens[0]), folding(before, groups[0]))
        ).neighbours(
            top: top, workers: workers, progress: nil)
        let now = input(new, after.map(specimens[1]), folding(after, groups[1]))
        let expected = try pass.search(now).neighbours(
            top: top, workers: workers, progress: nil)
        let places = after.map { number in
            specimens[0](number) == specimens[1](number) ? before.firstIndex(of: number) : nil
        }
        func members(_ number: Int, _ numbers: [Int], _ group: (Int) -> Int) -> [Int] {
            numbers.filter { group($0) == group(number) }
        }
        let regrouped = after.indices.filter { place in
            members(after[place], before, groups[0]) != members(after[place], after, groups[1])
        }
        let updated = try #require(
            try pass.neighbours(
                updating: EarlierNeighbours(
                    tables: tables, places: places, regrouped: Set(regrouped)), now, top: top,
                block: 16, workers: workers))
        #expect(updated == expected)
    }

    @Test(
        "Pictures added at the beginning, between others and at the end", arguments: [false, true])
    func added(rotations: Bool) throws {
        try check(
            before: (1..<119).filter { ![40, 41, 80].contains($0) }, after: Array(0..<120), top: 6,
            rotations: rotations)
    }

    @Test("Pictures removed, one of them tied with many", arguments: [false, true])
    func removed(rotations: Bool) throws {
        try check(
            before: Array(0..<120), after: (0..<120).filter { ![0, 59, 119].contains($0) }, top: 3,
            rotations: rotations)
    }

    @Test(
        "Pictures of one specimen, which are added, or moved to another",
        arguments: [false, true])
    func specimens(rotations: Bool) throws {
        try check(
            before: Array(0..<112), after: Array(0..<114), top: 2, rotations: rotations,
            specimens: [
                { $0 % 4 == 0 ? "s\($0 % 3)" : "" },
                { $0 == 16 ? "" : $0 == 17 ? "s1" : $0 % 4 == 0 || $0 > 111 ? "s\($0 % 3)" : "" },
            ])
    }

    @Test("Groups that get a picture, lose one, fall apart or are new", arguments: [false, true])
    func groups(rotations: Bool) throws {
        try check(
            before: (0..<118).filter { $0 != 24 }, after: (0..<120).filter { $0 != 44 }, top: 3,
            rotations: rotations,
            groups: [
                { $0 % 24 == 0 ? 0 : $0 % 22 == 0 ? 1 : $0 > 114 ? 2 : $0 },
                { $0 % 24 == 0 ? 0 : $0 % 22 == 0 ? 1 : $0 == 4 || $0 == 5 ? 3 : $0 },
            ])
    }

    /// The first three targets of picture 10 are 3, 17 and 24, to which it is equal. When 17 is folded, 38 is the
    /// third of the others.
    @Test("Equal pictures that become a group, so that others come in their places")
    func equal() throws {
        try check(
            before: Array(0..<119), after: Array(0..<120), top: 3, rotations: false,
            groups: [{ $0 }, { [10, 17, 31].contains($0) ? 10 : $0 }])
    }

    @Test("Pictures added and removed at once")
    func both() throws {
        try check(
            before: (0..<110).filter { $0 != 12 }, after: (0..<113).filter { $0 != 60 }, top: 5,
            rotations: false)
    }

    @Test("More targets wanted than there are pictures")
    func short() throws {
        try check(
            before: (0..<40).filter { $0 != 2 && $0 != 30 }, after: Array(0..<40), top: 60,
            rotations: false)
    }

    @Test("Nothing changed")
    func same() throws {
        try check(before: Array(0..<50), after: Array(0..<50), top: 4, rotations: false)
    }

    @Test("When most pictures have changed, a new search is less work")
    func most() throws {
        let earlier = EarlierNeighbours(
            tables: pass.models.map { Neighbours(model: $0, matches: []) },
            places: [Int?](repeating: nil, count: 20))
        let input = LikenessInput(noise(20, seed: 1), rotations: false, workers: workers)
        #expect(try pass.neighbours(updating: earlier, input, top: 3, workers: workers) == nil)
    }
}

import AtlasModel
import Parallel
import Testing

@testable import Similarity

@Suite("Targets searched among pictures that are roughly alike")
struct ApproximateTests {
    private let workers = Workers(2)
    private let pass = LikenessTable.standard.passes(for: [.kmeans, .pairwise])[0]

    /// Ten kinds of pictures, each with its own waves and some noise.
    private static let pictures: ModelVectors = {
        let noise = noise(300, seed: 8)
        return ModelVectors(
            bytes: (0..<300).flatMap { picture in
                let kind = picture % 10
                return noise[picture].enumerated().map { place, byte in
                    let wave = (place / 3 % 28 * (kind % 5 + 1) + place / 84 * (kind / 5 + 1)) % 28
                    return UInt8((3 * Int(byte) + 7 * wave) / 4)
                }
            })
    }()

    private func input(
        rotations: Bool = false, specimens: Specimens = .none, folding: Folding = .none
    ) throws -> LikenessInput {
        var input = LikenessInput(Self.pictures, rotations: rotations, workers: workers)
        input.kmeans = try KMeansModel.fit(
            Self.pictures, KMeansSettings(k: 3...3, restarts: 1, rotations: rotations),
            workers: workers
        ).model
        input.specimens = specimens
        input.folding = folding
        return input
    }

    private func exact(_ input: LikenessInput, top: Int) throws -> [Neighbours] {
        try pass.search(input).neighbours(top: top, workers: workers, progress: nil)
    }

    @Test("Every picture is in two parts, and more if it may be turned", arguments: [false, true])
    func parts(rotations: Bool) throws {
        let input = try input(rotations: rotations)
        let parts = try OverlappingParts(input, size: 50, workers: workers).members
        #expect(parts.count == 6)
        var counts = [Int](repeating: 0, count: 300)
        for part in parts {
            #expect(zip(part, part.dropFirst()).allSatisfy(<))
            for picture in part { counts[picture] += 1 }
        }
        #expect(counts.allSatisfy { rotations ? (2...5).contains($0) : $0 == 2 })
        #expect(try OverlappingParts(input, size: 50, workers: Workers(1)).members == parts)
        #expect(
            try OverlappingParts(input, size: 300, workers: workers).members == [Array(0..<300)])
    }

    @Test("With one part the search is exact", arguments: [false, true])
    func onePart(rotations: Bool) throws {
        let groups = PictureGroups(
            pairs: [], first: (0..<300).map { $0 % 40 == 0 ? 0 : $0 })
        let input = try input(
            rotations: rotations,
            specimens: Specimens((0..<300).map { $0 % 50 == 1 ? "one" : "" }),
            folding: Folding(groups, kinds: Set(PairKind.allCases)))
        let parts = try OverlappingParts(input, workers: workers)
        let found = try pass.neighbours(within: parts, input, top: 5, workers: workers)
        #expect(found == (try exact(input, top: 5)))
        let measured = try pass.measured(found, input, top: 5, workers: workers)
        #expect(
            measured.map(\.recall)
                == [SearchRecall](
                    repeating: .init(pictures: 300, targets: 5, share: 1), count: 2))
    }

    @Test("Distances are exact, no specimen and no candidate is its own target", arguments: [2, 4])
    func distances(shares: Int) throws {
        let specimens = Specimens((0..<300).map { $0 % 50 == 1 ? "one" : "" })
        let input = try input(specimens: specimens)
        let parts = try OverlappingParts(input, size: 50, workers: workers)
        let found = try pass.neighbours(within: parts, input, top: 12, workers: workers)
        // All targets of each picture.
        let all = try exact(input, top: 300)
        for (table, whole) in zip(found, all) {
            for (picture, matches) in table.matches.enumerated() {
                #expect(matches.count <= 12)
                #expect(matches.allSatisfy(whole.matches[picture].contains))
                #expect(
                    zip(matches, matches.dropFirst()).allSatisfy {
                        ($0.distance, $0.target) < ($1.distance, $1.target)
                    })
            }
        }
        // Pairwise, without what shares leave to each other.
        let parted = try (0..<shares).map {
            try pass.neighbours(
                within: parts, input, of: Share(index: $0, count: shares), top: 12,
                workers: workers)
        }
        for place in found.indices {
            let joined = parted.dropFirst().reduce(parted[0][place]) {
                input.folding.joined($0, $1[place], top: 12)
            }
            #expect(joined == found[place])
        }
    }

    @Test func `The recall is the share of the exact targets that were found`() throws {
        let input = try input()
        let parts = try OverlappingParts(input, size: 50, workers: workers)
        let found = try pass.neighbours(within: parts, input, top: 12, workers: workers)
        let measured = try pass.measured(found, input, top: 12, workers: workers)
        for (table, whole) in zip(measured, try exact(input, top: 12)) {
            let common = zip(table.matches, whole.matches).reduce(0) {
                $0 + Set($1.0.map(\.target)).intersection($1.1.map(\.target)).count
            }
            let share = Double(common) / Double(whole.matches.reduce(0) { $0 + $1.count })
            #expect(table.recall == SearchRecall(pictures: 300, targets: 12, share: share))
            // Parts of equal kinds find most, and not all.
            #expect(share > 0.6 && share < 1)
        }
    }

    @Test func `Equally far targets count as found`() {
        func matches(_ numbers: [(target: Int, distance: Double)]) -> [Match] {
            numbers.map { Match(target: $0.target, distance: $0.distance, rotation: 0) }
        }
        let exact = [matches([(1, 0.1), (2, 0.2), (3, 0.3)]), []]
        #expect(
            LikenessPass.recall(
                [matches([(1, 0.1), (4, 0.3), (5, 0.4)]), []], exact, n: 3) == 2.0 / 3)
        #expect(LikenessPass.recall([[], []], exact, n: 3) == 0)
        #expect(LikenessPass.recall([[]], [[]], n: 3) == 1)
    }
}

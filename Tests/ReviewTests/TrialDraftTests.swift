import AtlasModel
import RandomNumbers
import Similarity
import Testing

@testable import Review

@Suite("The comparisons of a trial")
struct TrialDraftTests {
    private let types = ["andesite", "gneiss", "marble"]

    private func drawn(
        perType: Int = 200, seed: UInt64 = 1, _ change: (inout TrialDesign) -> Void = { _ in }
    ) throws -> ReviewPlan {
        let (images, neighbours) = collection(types: types, perType: perType, targets: 4)
        let third = Neighbours(
            model: .embedding, matches: neighbours[0].matches.map { Array($0.dropFirst(2)) })
        var design = TrialDesign(
            pairs: [[.kmeans, .pairwise]], comparisons: 40, targets: 3, reviewers: 4)
        change(&design)
        var generator = SplitMix64(seed: seed)
        return try #require(
            ReviewPlan.drawn(
                from: neighbours + [third], images: images, design: design, using: &generator))
    }

    private func count(_ plan: ReviewPlan, part: Int, _ kind: ReviewPlan.Kind) -> Int {
        plan.comparisons.count { $0.part == part && $0.kind == kind }
    }

    @Test("Half is the same for all reviewers, and each has as much of an own part")
    func parts() throws {
        let plan = try drawn()
        #expect(plan.parts == 4)
        #expect((0...4).map { count(plan, part: $0, .normal) } == [20, 20, 20, 20, 20])
        // 20 and 20, 2 and 2 of them again, 1 and 1 for attention.
        #expect(plan.countForOne == 46)
        for part in 0...4 {
            let labels = plan.normal.filter { $0.part == part }
                .map { $0.candidate.prefix { $0 != "/" } }
            let counts = Dictionary(grouping: labels, by: \.self).mapValues(\.count)
            #expect(Set(counts.values).isSubset(of: [6, 7]))
        }
        #expect(plan.choices == .init(decisive: 210, detects: 60, margin: 10, reviewers: 4))
    }

    @Test(
        "Where pictures are few there are fewer parts, or all is for all",
        arguments: [
            (500, [30, 30, 30, 30, 30]), (120, [30, 30, 30, 30]), (100, [30, 30, 30]),
            (89, [60]), (60, [60]), (7, [7]), (0, [0]),
        ])
    func sizes(available: Int, sizes: [Int]) {
        #expect(PartSizes(available: available, each: 60, shared: 30, parts: 4).sizes == sizes)
    }

    @Test("All for all, and nothing for all")
    func extremes() {
        #expect(PartSizes(available: 500, each: 60, shared: 60, parts: 4).sizes == [60])
        #expect(PartSizes(available: 130, each: 60, shared: 0, parts: 4).sizes == [0, 60, 60])
    }

    @Test("A tenth of each part comes again with its sides swapped")
    func again() throws {
        let plan = try drawn()
        let byID = Dictionary(uniqueKeysWithValues: plan.comparisons.map { ($0.id, $0) })
        var repeated: [Int: Int] = [:]
        for comparison in plan.comparisons {
            guard case .again(let id) = comparison.kind else { continue }
            let first = try #require(byID[id])
            #expect(first.kind == .normal)
            #expect(comparison.candidate == first.candidate && comparison.part == first.part)
            #expect(comparison.a == first.b && comparison.b == first.a)
            repeated[first.part, default: 0] += 1
        }
        #expect(repeated == [0: 2, 1: 2, 2: 2, 3: 2, 4: 2])
    }

    @Test("A twentieth has a panel of one wrong type, beside a panel of the right one")
    func attention() throws {
        let plan = try drawn(perType: 400) { $0.comparisons = 100 }
        let tests = plan.comparisons.filter { $0.kind == .attention }
        #expect(tests.count { $0.part == 0 } == 3)
        #expect((1...4).map { count(plan, part: $0, .attention) } == [2, 2, 2, 2])
        let practice = try #require(plan.practice)
        let asked = Set(plan.normal.map(\.candidate))
        for comparison in tests + [practice] {
            let panels = [comparison.a, comparison.b]
            let wrong = try #require(panels.first { $0.model == nil })
            let right = try #require(panels.first { $0.model != nil })
            func labels(_ panel: ReviewPlan.Panel) -> [Substring] {
                panel.targets.map { $0.key.prefix { $0 != "/" } }
            }
            let label = comparison.candidate.prefix { $0 != "/" }
            #expect(labels(right).count { $0 == label } >= 2)
            #expect(Set(labels(wrong)).count == 1 && labels(wrong)[0] != label)
            #expect(Set(wrong.targets).count == 3)
            #expect(!asked.contains(comparison.candidate))
        }
        #expect(Set((tests + [practice]).map(\.candidate)).count == 12)
        let left = (1...40).map { UInt64($0) }.compactMap { seed in
            try? drawn(seed: seed).practice?.a.model
        }
        // Of 40 fair coins, 8 to 32 show one side with a probability above 0.9999.
        #expect((8...32).contains(left.count))
    }

    @Test("Several pairs share the comparisons, and no picture is asked about twice")
    func pairs() throws {
        let plan = try drawn {
            $0.pairs = [[.kmeans, .pairwise], [.pairwise, .embedding], [.embedding, .kmeans]]
            $0.targets = 2
        }
        let counts = Dictionary(grouping: plan.normal.filter { $0.part == 0 }) {
            Set([$0.a.model, $0.b.model].compactMap(\.self))
        }.mapValues(\.count)
        #expect(
            counts == [
                [.kmeans, .pairwise]: 7, [.pairwise, .embedding]: 7, [.embedding, .kmeans]: 7,
            ])
        #expect(Set(plan.normal.map(\.candidate)).count == plan.normal.count)
        #expect(
            plan.pairs.map(\.models) == [
                [.kmeans, .pairwise], [.pairwise, .embedding], [.embedding, .kmeans],
            ])
        #expect(plan.pairs.map(\.pictures) == [600, 600, 600])
    }

    @Test("A picture is the more probable the more its panels differ")
    func weights() throws {
        let images = (0..<2_000).map { image("marble/\($0)", label: 0) }
        func matches(_ targets: [Int]) -> [Match] {
            targets.map { Match(target: $0, distance: 0.1, rotation: 0) }
        }
        // The panels of even pictures differ in one target, those of odd ones in three.
        let kmeans = images.indices.map { _ in matches([0, 1, 2]) }
        let pairwise = images.indices.map { matches($0 % 2 == 0 ? [0, 1, 3] : [4, 5, 6]) }
        var generator = SplitMix64(seed: 5)
        let plan = try #require(
            ReviewPlan.drawn(
                from: [
                    Neighbours(model: .kmeans, matches: kmeans),
                    Neighbours(model: .pairwise, matches: pairwise),
                ], images: images, comparisons: 200, targets: 3, using: &generator))
        let odd = plan.normal.count { Int($0.candidate.dropFirst(7)).map { $0 % 2 == 1 } ?? false }
        // Expected are 150 less a few; six standard deviations are 37.
        #expect((112...186).contains(odd))
    }

    @Test("Excluded pictures are not asked about, and identical panels are counted")
    func excluded() throws {
        let first = try drawn(perType: 40)
        let second = try drawn(perType: 40, seed: 2) {
            $0.excluded = Set(first.normal.map(\.candidate))
        }
        #expect(Set(second.normal.map(\.candidate)).isDisjoint(with: first.normal.map(\.candidate)))
        let images = (0..<4).map { image("marble/\($0)", label: 0) }
        let same = [[Match(target: 1, distance: 0, rotation: 0)]]
        let other = [[Match(target: 2, distance: 0, rotation: 0)]]
        var generator = SplitMix64(seed: 0)
        let plan = try #require(
            ReviewPlan.drawn(
                from: [
                    Neighbours(model: .kmeans, matches: same + same + same + [[]]),
                    Neighbours(model: .pairwise, matches: same + same + other + same),
                ], images: images, comparisons: 60, targets: 9, using: &generator))
        #expect(plan.pairs == [.init(models: [.kmeans, .pairwise], pictures: 3, identical: 2)])
    }
}

import AtlasModel
import RandomNumbers
import Similarity
import Testing

@testable import Review

@Suite("Drawing a trial")
struct ReviewDrawTests {
    private let types = ["andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist"]

    private func drawn(
        perType: Int = 40, comparisons: Int = 60, targets: Int = 9, seed: UInt64 = 1
    ) throws -> ReviewPlan {
        let (images, neighbours) = collection(types: types, perType: perType, targets: 12)
        var generator = SplitMix64(seed: seed)
        return try #require(
            ReviewPlan.drawn(
                from: neighbours, images: images, comparisons: comparisons, targets: targets,
                using: &generator))
    }

    @Test("Candidates are spread evenly over the rock types", arguments: [60, 61, 65, 6, 4])
    func evenSpread(comparisons: Int) throws {
        let plan = try drawn(comparisons: comparisons)
        let counts = Dictionary(grouping: plan.normal) { $0.candidate.prefix { $0 != "/" } }
            .mapValues(\.count)
        #expect(plan.normal.count == comparisons)
        #expect(Set(plan.normal.map(\.candidate)).count == comparisons)
        let least = counts.count == types.count ? counts.values.min()! : 0
        #expect(counts.values.max()! - least <= 1)
    }

    @Test("The rock types come mixed, not by turns")
    func mixed() throws {
        let order = try drawn().normal.map { String($0.candidate.prefix { $0 != "/" }) }
        let sixes = stride(from: 0, to: 60, by: 6).map { Set(order[$0..<$0 + 6]).count }
        // Drawn in turn, each six contain all types; drawn at random, one in 65 would.
        #expect(sixes.count { $0 == 6 } <= 3)
    }

    @Test("When pictures run out every one is asked about once")
    func fewPictures() throws {
        #expect(try drawn(perType: 3).normal.count == 18)
    }

    @Test("A panel is the model's targets in their order, with their turns")
    func panels() throws {
        for comparison in try drawn().normal {
            let (images, neighbours) = collection(types: types, perType: 40, targets: 12)
            let index = try #require(images.firstIndex { $0.key == comparison.candidate })
            for panel in [comparison.a, comparison.b] {
                let model = try #require(neighbours.first { $0.model == panel.model })
                let expected = model.matches[index].prefix(9).map {
                    ReviewPlan.Target(key: images[$0.target].key, rotation: $0.rotation)
                }
                #expect(panel.targets == expected)
            }
            #expect(Set([comparison.a.model, comparison.b.model]) == [.kmeans, .pairwise])
        }
    }

    @Test("A trial compares the two models that it is given")
    func otherModels() throws {
        let (images, neighbours) = collection(types: types, perType: 8, targets: 9)
        var generator = SplitMix64(seed: 3)
        let plan = try #require(
            ReviewPlan.drawn(
                from: [
                    Neighbours(model: .embedding, matches: neighbours[0].matches), neighbours[1],
                ],
                images: images, comparisons: 12, targets: 9, using: &generator))
        #expect(plan.normal.count == 12)
        for comparison in plan.normal {
            #expect(Set([comparison.a.model, comparison.b.model]) == [.embedding, .pairwise])
        }
    }

    @Test("The same state of the generator gives the same trial, another one another")
    func repeatable() throws {
        let first = try drawn(seed: 7)
        #expect(try drawn(seed: 7) == first)
        #expect(try drawn(seed: 8).trial != first.trial)
    }

    @Test("A coin decides the sides: both occur about equally often, and neither in a pattern")
    func sides() throws {
        let plan = try drawn(perType: 200, comparisons: 1000)
        let left = plan.normal.map { $0.a.model == .kmeans }
        // Six standard deviations of 1,000 throws are 95.
        #expect((405...595).contains(left.count { $0 }))
        let changes = zip(left, left.dropFirst()).count { $0 != $1 }
        #expect((405...595).contains(changes))
    }

    @Test("Names are 16 hexadecimal digits, each once")
    func names() throws {
        let plan = try drawn()
        let practice = try #require(plan.practice)
        let names = [plan.trial, practice.id] + plan.comparisons.map(\.id)
        // 60, 6 of them again, 3 for attention, the practice, and the trial.
        #expect(Set(names).count == 71)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{16}/) != nil })
    }

    @Test("Pictures whose panels are equal, of different length or empty are not asked about")
    func unfit() throws {
        let images = (0..<5).map { image("marble/\($0)", label: 0) }
        func matches(_ targets: [Int]) -> [Match] {
            targets.map { Match(target: $0, distance: 0.1, rotation: 0) }
        }
        let kmeans: [[Match]] = [[1, 2], [0], [], [0, 1], [2, 3]].map(matches)
        let pairwise: [[Match]] = [[2, 1], [0, 2], [], [0, 2], [2, 3]].map(matches)
        var generator = SplitMix64(seed: 0)
        let plan = ReviewPlan.drawn(
            from: [
                Neighbours(model: .kmeans, matches: kmeans),
                Neighbours(model: .pairwise, matches: pairwise),
            ], images: images, comparisons: 60, targets: 9, using: &generator)
        #expect(plan?.comparisons.map(\.candidate) == ["marble/3"])
    }

    @Test("Unlabelled pictures are asked about only when there are no labelled ones")
    func unlabelled() throws {
        let (images, neighbours) = collection(types: ["gneiss"], perType: 8, targets: 3)
        func candidates(labelled: Int) -> Set<String> {
            let some = images.enumerated().map { image($1.key, label: $0 < labelled ? 0 : nil) }
            var generator = SplitMix64(seed: 0)
            let plan = ReviewPlan.drawn(
                from: neighbours, images: some, comparisons: 60, targets: 3, using: &generator)
            return Set(plan?.comparisons.map(\.candidate) ?? [])
        }
        #expect(candidates(labelled: 3) == Set(images.prefix(3).map(\.key)))
        #expect(candidates(labelled: 0) == Set(images.map(\.key)))
    }

    @Test("There is no trial without comparisons, or with one model only")
    func nothing() {
        let (images, neighbours) = collection(types: types, perType: 4, targets: 3)
        var generator = SplitMix64(seed: 0)
        #expect(
            ReviewPlan.drawn(
                from: neighbours, images: images, comparisons: 0, targets: 3, using: &generator)
                == nil)
        #expect(
            ReviewPlan.drawn(
                from: [neighbours[0]], images: images, comparisons: 9, targets: 3,
                using: &generator) == nil)
    }

    @Test("Comparisons whose candidate or target has left the collection are named and left out")
    func vanished() throws {
        let plan = try drawn()
        let candidate = plan.normal[3].candidate
        let target = plan.normal[5].b.targets[8].key
        let (kept, missing) = plan.present { $0 != candidate && $0 != target }
        #expect(missing == [candidate, target].sorted())
        #expect(kept.trial == plan.trial)
        let expected = plan.comparisons.filter { comparison in
            let targets = comparison.a.targets + comparison.b.targets
            return Set([comparison.candidate] + targets.map(\.key)).isDisjoint(
                with: [candidate, target])
        }
        #expect(kept.comparisons == expected)
        #expect(plan.present { _ in true }.plan == plan)
    }
}

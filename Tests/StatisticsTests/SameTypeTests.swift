import AtlasModel
import Similarity
import Statistics
import Testing

@Suite("Whether look-alikes share the type")
struct SameTypeTests {
    private func neighbours(_ model: LikenessModel, _ targets: [[Int]]) -> Neighbours {
        Neighbours(
            model: model,
            matches: targets.map { $0.map { Match(target: $0, distance: 0.1, rotation: 0) } })
    }

    @Test("The first targets that have a label are counted, of the pictures asked about")
    func counted() {
        // Labels 0, 0, 1, none, 1. The first three targets of picture 0: 1 (same), 3 (no label), 2
        // (other).
        let table = neighbours(.kmeans, [[1, 3, 2, 4], [0], [4, 0], [0], []])
        func rate(_ first: [Int], _ counted: CountedTargets) -> SameTypeRate {
            table.sameType(
                labels: [0, 0, 1, nil, 1], groups: PictureGroups(pairs: [], first: first),
                queries: [0, 2, 4], n: 3, counted)
        }
        let all = rate([0, 0, 2, 3, 4], .all)
        #expect((all.queries, all.targets.total, all.targets.count) == (2, 4, 2))
        #expect(all.share == 0.5)
        #expect(all.targets.clusters == 2)
        #expect(rate([0, 0, 0, 3, 4], .all).targets.clusters == 1)
        // Picture 1 belongs to picture 0, so the three that are left are 3, 2 and 4.
        let others = rate([0, 0, 2, 3, 4], .otherGroups)
        #expect((others.targets.total, others.targets.count) == (4, 1))
    }

    /// Computed with NumPy: the variance of a ratio of sums over pictures gives 8.168 independent
    /// targets of 18, and Wilson's interval of 2/3 for that number is this one.
    @Test("The interval allows for the targets of one picture being alike")
    func interval() {
        let rate = SameTypeRate(
            [(3, 3), (0, 3), (2, 3), (1, 2), (3, 3), (3, 3), (0, 1)].enumerated().map {
                (group: $0, same: $1.0, targets: $1.1)
            })
        #expect(abs(rate.interval.lowerBound - 0.34146609330776745) < 1e-12)
        #expect(abs(rate.interval.upperBound - 0.8852446915177324) < 1e-12)
    }

    @Test("Where all targets share the type, the interval is that of the pictures, not the targets")
    func certain() {
        let rate = SameTypeRate(
            [(9, 9), (9, 9), (9, 9), (9, 9)].enumerated().map {
                (group: $0, same: $1.0, targets: $1.1)
            })
        // Wilson's interval of 4 of 4.
        #expect(abs(rate.interval.lowerBound - 0.5101091635454027) < 1e-12)
        #expect(rate.interval.upperBound == 1)
        let none = SameTypeRate([(group: 0, same: 0, targets: 0)])
        #expect(none.share == nil)
        #expect(none.interval == 0...1)
    }

    @Test("Models agree by the targets they share, in whatever order")
    func agreement() {
        // 2 of 2 in another order; 1 of 2; 1 of 2 (one list is shorter); nothing to compare.
        let agreement = PanelAgreement(
            neighbours(.kmeans, [[1, 2, 3], [0, 2], [0], []]),
            neighbours(.embedding, [[2, 1], [0, 3], [0, 1], []]), n: 2)
        #expect(agreement.models == [.kmeans, .embedding])
        #expect(agreement.pictures == 3)
        #expect(abs(agreement.overlap - (1 + 0.5 + 0.5) / 3) < 1e-15)
        #expect(agreement.identical == 1)
    }
}

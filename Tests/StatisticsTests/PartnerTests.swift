import AtlasModel
import Similarity
import Statistics
import Testing

@Suite struct PartnerTests {
    private func neighbours(_ targets: [[Int]]) -> Neighbours {
        Neighbours(
            model: .pairwise,
            matches: targets.map { $0.map { Match(target: $0, distance: 0, rotation: 0) } })
    }

    private func ground(_ a: Int, _ b: Int) -> PicturePair {
        PicturePair(a: a, b: b, kind: .ground, down: 6, correlation: 0.99)
    }

    @Test func `Found partners are counted, at most as many as there are targets`() throws {
        // Picture 0 has the partners 1, 2 and 3; with two targets two of them can be found.
        let pairs = [ground(0, 1), ground(0, 2), ground(0, 3)]
        let rate = neighbours([[1, 4], [0, 2], [3, 4], [4, 1], [0, 1]]).partners(
            in: PictureGroups(pairs: pairs, first: [0, 0, 0, 0, 4]), n: 2)
        // 0 finds 1 of 2, 1 finds 1 of 1, 2 and 3 find 0 of 1; 4 is not asked.
        #expect(rate.found.queries == 4)
        #expect(rate.found.share == 2.0 / 5)
        // Two targets of four others: 2 · 3 / 4 for picture 0, and 2 · 1 / 4 for each other.
        #expect(rate.chance == (1.5 + 3 * 0.5) / 5)
    }

    @Test func `Pairs of other kinds do not count, and without partners there is no rate`() {
        let pair = PicturePair(a: 0, b: 1, kind: .specimen, correlation: .nan)
        let rate = neighbours([[1], [0]]).partners(
            in: PictureGroups(pairs: [pair], first: [0, 0]), n: 1)
        #expect(rate.found.share == nil)
        #expect(rate.chance == nil)
    }
}

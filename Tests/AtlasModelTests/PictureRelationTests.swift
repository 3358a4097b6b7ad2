import AtlasModel
import Testing

@Suite struct PictureRelationTests {
    @Test func `Two pictures have the kind of their pair, or else the loosest of their group`() {
        let relations = PictureRelations(
            PictureGroups(
                pairs: [
                    PicturePair(a: 0, b: 1, kind: .ground, correlation: 1),
                    PicturePair(a: 1, b: 2, kind: .identical, correlation: 1),
                    PicturePair(a: 3, b: 4, kind: .identical, correlation: 1),
                    PicturePair(a: 3, b: 5, kind: .identical, correlation: 1),
                    PicturePair(a: 0, b: 6, kind: .ground, correlation: 1),
                ], first: [0, 0, 0, 3, 3, 3, 6]))
        #expect(relations.kind(0, 1) == .ground)
        #expect(relations.kind(2, 1) == .identical)
        #expect(relations.kind(0, 2) == .ground)
        #expect(relations.kind(4, 5) == .identical)
        // A pair that does not connect its pictures to one group still says what they show.
        #expect(relations.kind(6, 0) == .ground)
        #expect(relations.kind(6, 1) == nil)
        #expect(relations.kind(0, 3) == nil)
    }
}

import AtlasModel
import Testing

@Suite("A target")
struct MatchTests {
    @Test("It gives back what it was made of")
    func values() {
        let match = Match(target: 2_147_483_647, distance: 0.25, rotation: 270)
        #expect(match.target == 2_147_483_647)
        #expect(match.distance == 0.25)
        #expect(match.rotation == 270)
        #expect(match.score == 87.5)
    }

    @Test("It takes 16 bytes: a number of 8, one of 4 and one of 2")
    func size() {
        #expect(MemoryLayout<Match>.stride == 16)
    }
}

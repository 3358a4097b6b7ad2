import AtlasModel
import Statistics
import Testing

/// The expected values were chosen by hand.
@Suite struct ExemplarsTests {
    @Test func `Medoid, typical, extreme and doubtful are chosen by rank`() {
        let members = Array(10..<26)
        // Distances rise along the members, except for the first two, which are equally far.
        let distances = [0.9, 0.9] + (2..<16).map { 0.1 + Double($0) / 100 }
        let margins = (0..<16).map { Float($0 == 5 ? 0.01 : $0 == 9 ? 0.02 : 0.5) }
        let chosen = Exemplars(members: members, meanDistances: distances, margins: margins)
        #expect(chosen.medoid == 12)
        #expect(chosen.typical == [13, 14, 15, 16, 17, 18])
        #expect(chosen.extreme == [10, 11, 25, 24, 23, 22])
        #expect(chosen.doubtful == [15, 19, 10, 11, 12, 13])
    }

    @Test(
        arguments: [
            ([], nil, [], []), ([4], 4, [], []), ([4, 5], 4, [], [5]), ([4, 5, 6], 4, [5], [6]),
        ] as [([Int], Int?, [Int], [Int])])
    func `A small group is shared between typical and extreme`(
        members: [Int], medoid: Int?, typical: [Int], extreme: [Int]
    ) {
        let chosen = Exemplars(
            members: members, meanDistances: members.map(Double.init),
            margins: members.map { _ in 1 })
        #expect(chosen.medoid == medoid)
        #expect(chosen.typical == typical)
        #expect(chosen.extreme == extreme)
        #expect(chosen.doubtful == members)
    }
}

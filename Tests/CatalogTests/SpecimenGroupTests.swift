import Fingerprint
import Testing

@testable import Catalog

@Suite struct SpecimenGroupTests {
    private func digest(_ number: UInt64) -> Fingerprint { Fingerprint(high: number, low: 0) }

    @Test("Pictures of a specimen, and those equal to one of them, are one group")
    func groups() {
        let groups = SpecimenGroups(
            ["a", "b", "", "", "a", "c", "d", ""],
            // Pictures 3 and 0 are equal, and so are 5 and 6, of two specimens.
            [1, 2, 3, 1, 4, 5, 5, 2].map(digest)
        ).digests
        #expect(groups[0] != nil)
        #expect(groups[2] == nil)
        #expect(Set([groups[0], groups[3], groups[4]]).count == 1)
        #expect(Set([groups[1], groups[7]]).count == 1)
        #expect(groups[5] == groups[6])
        #expect(Set([groups[0], groups[1], groups[5]]).count == 3)
    }

    @Test("A group keeps its digest when pictures come and go")
    func stable() {
        let one = SpecimenGroups(["a"], [digest(9)]).digests
        let two = SpecimenGroups(["", "a", "a"], [digest(1), digest(2), digest(9)]).digests
        #expect(one[0] == two[1])
        #expect(two[2] == two[1])
    }

    @Test("Without specimens there are no groups")
    func none() {
        #expect(SpecimenGroups(["", ""], [digest(1), digest(1)]).digests == [nil, nil])
        #expect(SpecimenGroups([], []).digests.isEmpty)
    }
}

import AtlasModel
import Testing

@testable import Catalog

@Suite struct KnownGroupTests {
    @Test func `Pictures of a specimen, and those equal to one of them, are one group`() {
        let groups = PictureGroups.known(
            digests: ["1", "2", "3", "1", "4", "5", "5", "2"],
            // Pictures 3 and 0 are equal, and so are 5 and 6, of two specimens.
            specimens: ["a", "b", "", "", "a", "c", "d", ""])
        #expect(groups.members == [[0, 3, 4], [1, 7], [5, 6]])
        #expect(groups.first == [0, 1, 2, 0, 0, 5, 5, 1])
        #expect(groups.pairs.map(\.kind) == [.identical, .specimen, .identical, .identical])
        #expect(groups.pairs.map(\.b) == [3, 4, 7, 6])
    }

    @Test func `A picture that joins two specimens makes them one group`() {
        let groups = PictureGroups.known(
            digests: ["1", "2", "3", "2"], specimens: ["a", "b", "b", "a"])
        #expect(groups.members == [[0, 1, 2, 3]])
    }

    @Test func `Two equal pictures of one specimen are one pair`() {
        let groups = PictureGroups.known(digests: ["1", "1"], specimens: ["a", "a"])
        #expect(groups.pairs.count == 1 && groups.pairs[0].kind == .identical)
    }

    @Test func `Without specimens and equal pictures each picture is alone`() {
        #expect(
            PictureGroups.known(digests: ["1", "2"], specimens: ["", ""]) == .none(count: 2))
        #expect(PictureGroups.known(digests: [], specimens: []) == .none(count: 0))
    }
}

import AtlasModel
import Fingerprint
import Testing

@testable import Catalog

@Suite struct PictureKeyTests {
    private func keys(_ plain: [String], _ digests: [UInt64], last: [String: UInt64]) -> [String] {
        PictureKeys(
            plain, remembered: last.mapValues { Fingerprint(high: $0, low: 0) },
            digest: { Fingerprint(high: digests[$0], low: 0) }
        ).keys
    }

    @Test func `A file that arrives first by path does not take the key of another`() {
        #expect(keys(["g/x", "g/x"], [7, 1], last: ["g/x": 1]) == ["g/x~2", "g/x"])
        #expect(keys(["g/x", "g/x"], [7, 1], last: [:]) == ["g/x", "g/x~2"])
    }

    @Test func `A file that goes leaves the key of another as it was`() {
        #expect(keys(["g/x"], [2], last: ["g/x": 1, "g/x~2": 2]) == ["g/x~2"])
        #expect(
            keys(["g/x", "g/x", "g/x"], [3, 9, 2], last: ["g/x": 1, "g/x~2": 2, "g/x~3": 3])
                == ["g/x~3", "g/x", "g/x~2"])
    }

    @Test func `A picture that changed keeps the key of its file if no other has the stem`() {
        #expect(keys(["g/x", "g/y"], [5, 2], last: ["g/x": 1, "g/y": 2]) == ["g/x", "g/y"])
    }

    @Test func `A number in the name of a file is not one of ours`() {
        #expect(
            keys(["g/x", "g/x~2"], [2, 2], last: ["g/x": 1, "g/x~2": 2]) == ["g/x", "g/x~2"])
    }

    @Test func `An equal picture with another label is an erratum, other copies are counted`()
        throws
    {
        let scratch = try Scratch()
        try scratch.picture("gneiss/a.png", 1)
        try scratch.picture("marble/b.png", 1)
        try scratch.picture("marble/c.png", 2)
        try scratch.picture("marble/d.png", 2)
        try scratch.picture("inbox/e.png", 1)
        let catalogue = try scratch.catalogue()
        let twice = catalogue.errata.filter { $0.kind == .twoLabels }
        #expect(twice.map(\.path) == ["marble/b.png"])
        #expect(twice.first?.detail == "marble here, gneiss as gneiss/a.png")
        #expect(
            catalogue.copyNotes == [
                "2 pictures are copies of others, such as marble/d.png of marble/c.png."
            ])
        // In key order: gneiss/a, marble/b, marble/c, marble/d, unlabelled/e.
        #expect(catalogue.contradictions == [[0, 1, 4]])
        #expect(Split.allCases.flatMap(catalogue.labelled).sorted() == [2, 3])
        #expect(catalogue.folds(0, in: [2, 3], by: .groups).isEmpty)
        let apart = catalogue.grouped(by: .none(count: 5))
        #expect(apart.contradictions.isEmpty)
        #expect(!apart.errata.contains { $0.kind == .twoLabels })
        #expect(Split.allCases.flatMap(apart.labelled).sorted() == [0, 1, 2, 3])
    }
}

import AtlasModel
import Fingerprint
import Foundation
import Testing

@testable import Atlas

@Suite("What an edition changed")
struct EditionHistoryTests {
    private func snapshot(_ pictures: [(key: String, pixels: String, label: String, as: String)])
        -> EditionSnapshot
    {
        EditionSnapshot(
            pictures: Dictionary(
                uniqueKeysWithValues: pictures.map {
                    (
                        $0.key,
                        EditionSnapshot.Picture(
                            vector: Fingerprint(of: $0.pixels), label: $0.label, predicted: $0.as)
                    )
                }))
    }

    @Test("Pictures added, removed, replaced, relabelled and predicted otherwise")
    func change() {
        let before = snapshot([
            ("gneiss/a", "1", "gneiss", "gneiss"), ("gneiss/b", "2", "gneiss", "schist"),
            ("gneiss/c", "3", "gneiss", "gneiss"), ("marble/d", "4", "marble", "marble"),
            ("unlabelled/e", "5", "", "marble"),
        ])
        let after = snapshot([
            ("gneiss/b", "2", "gneiss", "gneiss"), ("gneiss/c", "other", "gneiss", "gneiss"),
            ("marble/d", "4", "schist", "marble"), ("unlabelled/e", "5", "gneiss", "marble"),
            ("schist/f", "6", "schist", "schist"),
        ])
        let found = after.change(since: before, number: 7, date: "2026-01-02 03:04")
        #expect(
            found
                == EditionChange(
                    number: 7, date: "2026-01-02 03:04", pictures: 5, added: .init(["schist/f"]),
                    removed: .init(["gneiss/a"]), replaced: .init(["gneiss/c"]),
                    relabelled: .init([
                        .init(key: "marble/d", from: "marble", to: "schist"),
                        .init(key: "unlabelled/e", from: "", to: "gneiss"),
                    ]), predicted: .init([.init(key: "gneiss/b", from: "schist", to: "gneiss")])))
        #expect(found.isChange && found.changedPictures == 5)
        #expect(!after.change(since: after, number: 8, date: "").isChange)
    }

    private typealias Place = EditionSnapshot.Place

    private func divided(
        _ pictures: [(key: String, label: String, set: Split, group: String)], by division: String
    ) -> EditionSnapshot {
        EditionSnapshot(
            pictures: Dictionary(
                uniqueKeysWithValues: pictures.map {
                    (
                        $0.key,
                        EditionSnapshot.Picture(
                            vector: Fingerprint(of: $0.key), label: $0.label, predicted: "",
                            place: Place(set: $0.set, group: Fingerprint(of: $0.group)))
                    )
                }), division: division)
    }

    @Test("Pictures in another set of the split are counted with the reason")
    func moves() {
        let before = divided(
            [
                ("a", "gneiss", .train, "1"), ("b", "gneiss", .train, "2"),
                ("c", "gneiss", .dev, "3"), ("d", "gneiss", .test, "4"),
                ("e", "gneiss", .train, "5"), ("gone", "gneiss", .train, "6"),
            ], by: "groups")
        let pictures: [(key: String, label: String, set: Split, group: String)] = [
            ("a", "gneiss", .dev, "1 grown"), ("b", "marble", .test, "2"),
            ("c", "gneiss", .train, "3"), ("d", "gneiss", .train, "4"),
            ("e", "gneiss", .train, "5 grown"), ("new", "gneiss", .test, "7"),
        ]
        let moves = SplitMoves(divided(pictures, by: "groups"), since: before)
        #expect((moves.byGroup, moves.byLabel, moves.byOthers) == (1, 1, 2))
        #expect(
            moves.sentence
                == "4 pictures have moved to another set of the split: 1 because its group has "
                + "changed, 1 because of another label, 2 because others were added or removed.")
        #expect(
            SplitMoves(divided(pictures, by: "random"), since: before).sentence
                == "4 pictures have moved to another set of the split, which is made in another way "
                + "than in the last build.")
        #expect(SplitMoves(before, since: before).sentence == nil)
        #expect(SplitMoves(before, since: nil).count == 0)
        let earlier = snapshot([("a", "a", "gneiss", "gneiss")])
        #expect(SplitMoves(before, since: earlier).count == 0)
    }

    @Test("The digest of a group is that of its pictures, in any order")
    func groups() {
        let digests = ["x", "y", "z"].map { Fingerprint(of: $0) }
        let one = PictureGroups(pairs: [], first: [0, 0, 2]).digests(of: digests)
        let other = PictureGroups(pairs: [], first: [0, 0, 2])
            .digests(of: [digests[1], digests[0], digests[2]])
        #expect(one == other && one[0] == one[1] && one[2] == digests[2])
        #expect(one[0] != PictureGroups.none(count: 3).digests(of: digests)[0])
    }

    @Test("A snapshot with the split is read as it was written")
    func split() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-edition-\(UUID().uuidString).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let written = divided(
            [("a", "gneiss", .dev, "1"), ("b", "", .test, "2")], by: "groups 70.0 18.0 12.0")
        try written.write(to: path)
        #expect(try EditionSnapshot(contentsOf: path) == written)
    }

    @Test("A snapshot is read as it was written")
    func file() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-edition-\(UUID().uuidString).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let written = snapshot([
            ("gneiss/a", "1", "gneiss", "marble"), ("unlabelled/é", "2", "", "gneiss"),
        ])
        try written.write(to: path)
        #expect(try EditionSnapshot(contentsOf: path) == written)
    }
}

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

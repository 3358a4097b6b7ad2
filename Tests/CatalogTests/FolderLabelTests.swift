import AtlasModel
import Fingerprint
import Foundation
import Testing

@testable import Catalog

@Suite struct FolderLabelTests {
    private func types(_ labels: String...) -> [RockType] { labels.map { RockType(label: $0) } }

    @Test(
        arguments: [
            ("Marble", TypeNames.Match.exact(0)), ("marbles", .near(0)), ("MARBLE ", .near(0)),
            ("01_marble", .near(0)), ("mica-schist", .near(1)), ("Mica_Schists", .near(1)),
            ("grunschiefer", .near(2)), ("gruenschiefer", .near(2)),
            ("Gru\u{308}nschiefer", .exact(2)),
            ("gneisses", .near(3)), ("gneiß", .near(3)),
        ] as [(String, TypeNames.Match)])
    func `A name written nearly like a type means that type`(
        name: String, match: TypeNames.Match
    ) {
        let names = TypeNames(types("marble", "mica schist", "grünschiefer", "gneiss"))
        #expect(names.type(of: name) == match)
    }

    @Test func `A name that may be several types, or another word, means none`() {
        let names = TypeNames(types("class 1", "class 2", "gneis", "gneiss"))
        for name in ["class 3", "class", "basalt", "12", "", "gneissic"] {
            #expect(names.type(of: name) == nil, "\(name)")
        }
        #expect(names.nearest(to: "gneisss") == "gneiss")
        #expect(names.nearest(to: "basalt") == nil)
    }

    @Test func `The nearest folder that names a type gives the label`() {
        let folders = [
            "schist/close up/wet", "marble/marble with schist", "schist/marble", "misc/a", "",
        ]
        let labels = FolderLabels(folders, types: types("marble", "schist"))
        #expect(folders.map(labels.label) == [1, 0, 0, nil, nil])
        #expect(labels.errata.map(\.path) == ["a"])
        let notes = labels.notes(usesSets: false)
        #expect(notes.count == 1 && notes[0].hasPrefix("2 pictures in folders below"), "\(notes)")
    }

    @Test func `A folder without a type is listed once, with its pictures and the nearest type`() {
        let labels = FolderLabels(
            ["x/marbel/a1", "x/marbel/a2", "x/marbel/a2", "x/schist"],
            types: types("marble", "schist"))
        #expect(labels.errata.map(\.path) == ["marbel"])
        #expect(
            labels.errata.first?.reason
                == "The folder is no rock type of this atlas, so its 3 pictures have no label "
                + "(did you mean \"marble\"?). Rename the folder, or add the type to \"types:\" in "
                + "content/atlas.yml.")
    }

    @Test func `Folders train, val and test are sets of the split, a folder test alone is not`() {
        let folders = ["d/Train/marble", "d/val/marble", "d/test/schist", "marble/test"]
        let labels = FolderLabels(folders, types: types("marble", "schist"))
        #expect(folders.map(labels.label) == [0, 0, 1, 0])
        #expect(folders.map(labels.split) == [.train, .dev, .test, nil])
        #expect(labels.givenSets == [.train, .dev, .test])
    }

    @Test(
        arguments: [
            (["granite", "basalt", "granites", ""], ["basalt", "granite"]),
            (
                ["all/granite/hole 1", "all/granite/hole 2", "all/basalt/hole 1"],
                ["basalt", "granite"]
            ),
            (["2023/granite", "2024/granite", "2024/gneiss"], ["gneiss", "granite"]),
            (["granite/images", "chert/images"], ["chert", "granite"]),
            (["s/train/type1", "s/train/type2", "s/test/type1"], ["type1", "type2"]),
            (["granite", "unsorted"], ["granite"]), (["only/one"], []),
        ])
    func `Folders are types where nobody has named types`(folders: [String], expected: [String]) {
        #expect(FolderTypes(folders).types.map(\.label) == expected)
    }

    @Test func `Folders of many specimens are no types`() {
        let alphabet = "abcdefghi".map(String.init)
        let letters = alphabet.flatMap { first in alphabet.map { "p\(first)\($0)x" } }
        #expect(!FolderTypes(letters).isUsable)
        #expect(FolderTypes(Array(letters.prefix(3))).isUsable)
    }
}

@Suite struct CodePageTests {
    /// Bytes by Python's `str.encode`.
    @Test(
        arguments: [
            ([0x67, 0x72, 0x81, 0x6E], "grün", "437"), ([0x67, 0x72, 0xFC, 0x6E], "grün", "1252"),
            ([0x6D, 0xE1, 0x72, 0x6D, 0x6F, 0x6C], "mármol", "1252"),
            ([0x6D, 0xA0, 0x72, 0x6D, 0x6F, 0x6C], "mármol", "437"),
            ([0xC9, 0x72, 0x61, 0x62, 0x6C, 0x65], "Érable", "1252"),
            ([0xAA, 0xA2, 0xA0, 0xE0, 0xE6], "кварц", "866"),
            ([0xEA, 0xE2, 0xE0, 0xF0, 0xF6], "кварц", "1251"),
        ] as [([UInt8], String, String)])
    func `The code page that makes a word is taken`(bytes: [UInt8], text: String, page: String) {
        let best = CodePage.best(for: [bytes])
        #expect(best.isSensible)
        #expect(best.page.text(of: bytes) == text)
        #expect(best.page.name.contains(" \(page) "))
    }

    @Test func `Bytes that are letters in no code page are told`() {
        #expect(!CodePage.best(for: [[0xB0, 0xB1]]).isSensible)
    }
}

import AtlasModel
import Testing

@testable import Catalog

@Suite struct CorrectionsTests {
    private let names = PictureNames(
        keys: ["gneiss/a", "gneiss/b", "marble/c"],
        paths: ["Gneiss/a.jpg", "Gneiss/b.jpg", "marble/c.png"])
    private let classes = ["gneiss": 0, "marble": 1, "mica schist": 2]

    /// `index label reason` of each correction, by index.
    private func read(_ table: String) -> [String] {
        Corrections(csv: table, path: "labels.csv").matched(names, classes).labels
            .sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.label) \($0.value.reason)" }
    }

    private func errata(_ table: String) -> [String] {
        Corrections(csv: table, path: "labels.csv").matched(names, classes).errata.map(\.reason)
    }

    @Test(
        "The columns are found by their names, in any order and case",
        arguments: [
            "key,label,reason\ngneiss/a,marble,white\n",
            "KEY;Label;Reason\ngneiss/a;marble;white\n",
            "Label\tReason\tFile name\nmarble\twhite\tgneiss/a.jpg\n",
            "date,key,collector,label,reason,,\n2026,gneiss/a,Ann,marble,white,,\n,,,,,,\n",
            "gneiss/a,marble,white\n", "\n key , label , reason \n gneiss/a , Marble , white \n",
        ])
    func columns(table: String) {
        #expect(read(table) == ["0 1 white"])
        #expect(errata(table) == [])
    }

    @Test("Columns that are not read are told")
    func unused() {
        let table = "key,label,reason,date\ngneiss/a,marble,white,2026\n"
        #expect(
            Corrections(csv: table, path: "labels.csv").notes
                == ["labels.csv, line 1: these columns are not used: \"date\"."])
        #expect(
            Corrections(csv: "key,lable\n", path: "labels.csv").notes
                == ["labels.csv, line 1: no column is called \"label\". \"lable\" was read as it."])
    }

    @Test("Commas in the last column belong to the reason")
    func reason() {
        #expect(
            read("key,label,reason\ngneiss/a,marble,white, coarse,\"x\"\n")
                == ["0 1 white, coarse,x"])
    }

    @Test("A row with more fields than columns is told if the reason is not the last column")
    func tooMany() {
        #expect(
            errata("key,reason,label\ngneiss/a,white,marble,x\n")
                == [
                    "Line 2 is not \"key,label,reason\". "
                        + "Write key, label and reason with commas between them."
                ])
    }

    @Test("Blanks, hyphens and underscores in a label do not matter")
    func labels() {
        #expect(read("gneiss/a,Mica_Schist,\ngneiss/b,mica-schist,\n") == ["0 2 ", "1 2 "])
    }

    @Test("Two spellings of one key are two corrections of one picture")
    func twice() {
        let table = "gneiss/a,marble,x\nGneiss\\a.jpg,gneiss,y\n"
        #expect(read(table) == ["0 0 y"])
        #expect(
            errata(table)
                == ["Lines 1 and 2 both correct gneiss/a. The later one counts; remove the other."])
    }

    @Test("An open quotation mark is told, and its row is read")
    func openQuote() {
        let table = "key,label,reason\ngneiss/a,marble,\"white\nmarble/c,gneiss,\n"
        #expect(read(table) == ["0 1 white", "2 0 "])
        #expect(errata(table).map { $0.prefix(30) } == ["Line 2 has a quotation mark th"])
    }

    @Test("Of many faults the first are listed in the order of lines, and the others counted")
    func many() {
        let table =
            "key,label\n" + (0..<100_000).map { "unknown/\($0 + 100_000),marble\n" }.joined()
        let list = errata(table)
        #expect(list.count == 21)
        #expect(list.map { $0.prefix(8) }[7...9] == ["Line 9: ", "Line 10:", "Line 11:"])
        #expect(
            list[20]
                == "99980 more lines of this kind are not listed. "
                + "Check the key, or remove the line.")
    }

    @Test("A file that is no text is refused with its name")
    func workbook() {
        #expect(
            throws: CatalogError.unreadableTable(
                path: "labels.csv",
                reason: "it is a workbook of a spreadsheet program. Save it as \"CSV UTF-8\" there")
        ) { try Corrections(table: [0x50, 0x4B, 3, 4], path: "labels.csv") }
    }
}

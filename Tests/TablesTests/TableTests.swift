import Tables
import Testing

@Suite struct TableTests {
    private func rows(_ text: String) -> [[String]] { Table(text).rows.map(\.fields) }

    @Test(
        "Rows are read as RFC 4180 has them",
        arguments: [
            ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
            ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
            ("\"a,b\",\"say \"\"x\"\"\"\n", [["a,b", "say \"x\""]]),
            ("\"two\nlines\",x\n", [["two\nlines", "x"]]),
            ("\"two\r\nlines\",x\r\n", [["two\nlines", "x"]]),
            ("a,,\n", [["a", "", ""]]),
            ("\n\na\n", [["a"]]),
            ("", []),
        ] as [(String, [[String]])])
    func standard(text: String, expected: [[String]]) {
        #expect(rows(text) == expected)
    }

    @Test(
        "What spreadsheets write beside the standard is read too",
        arguments: [
            // Separators of other countries, and the line in which Excel names one.
            ("a;b\nc;d\n", [["a", "b"], ["c", "d"]]),
            ("a\tb\nc\td\n", [["a", "b"], ["c", "d"]]),
            ("sep=;\r\na,1;b\r\n", [["a,1", "b"]]),
            ("a;1,5\nb;2,5\n", [["a", "1,5"], ["b", "2,5"]]),
            // Line ends of old Macs.
            ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
            // Empty rows, as blank lines and as cells.
            ("a,b\n,,\n  \nc,d\n;", [["a", "b"], ["c", "d"], [";"]]),
            // A whole row in one quoted cell.
            ("\"a,b,\"\"c\"\"\"\n\"d,e,f\"\n", [["a", "b", "c"], ["d", "e", "f"]]),
            // Blanks around quotation marks.
            ("a , \"b, c\" ,d\n", [["a ", "b, c", "d"]]),
        ] as [(String, [[String]])])
    func dialects(text: String, expected: [[String]]) {
        #expect(rows(text) == expected)
    }

    @Test(
        "A quotation mark inside a field stands for itself",
        arguments: [
            ("a,2\" core,x\nb,1\" core,y\n", [["a", "2\" core", "x"], ["b", "1\" core", "y"]]),
            ("a,\"2\" core\",x\n", [["a", "2\" core", "x"]]),
        ] as [(String, [[String]])])
    func inches(text: String, expected: [[String]]) {
        let table = Table(text)
        #expect(table.rows.map(\.fields) == expected)
        #expect(table.rows.allSatisfy { !$0.hasOpenQuote })
    }

    @Test(
        "A mark that is left open takes no other row away",
        arguments: [
            "k/1,\"open\nk/2,x\n", "k/1,\"open\nk/2,\"x\"\n", "k/1,\"open\nk/2,x\"\n",
            "k/1,\"open\nk/2,\"\"\n",
        ])
    func open(text: String) {
        let rows = Table(text, beginsRow: { $0.contains("/") }).rows
        #expect(rows.map { $0.fields[0] } == ["k/1", "k/2"])
        #expect(rows[0].fields[1] == "open")
        #expect(rows[0].hasOpenQuote)
        #expect(rows.map(\.line) == [1, 2])
    }

    @Test("Lines are counted as editors count them")
    func lines() {
        #expect(Table("a\r\n\r\n\"b\r\nc\"\r\n\rd\n").rows.map(\.line) == [1, 3, 6])
    }

    @Test("A header decides between separators")
    func header() {
        let text = "key;label\na,b,c,d;x\ne,f;y\n"
        #expect(Table(text, isHeader: { $0 == ["key", "label"] }).separator == ";")
        #expect(Table(text).separator == ",")
    }
}

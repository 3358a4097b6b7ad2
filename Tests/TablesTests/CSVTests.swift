import Tables
import Testing

@Suite struct CSVTests {
    @Test(
        "Rows are read as RFC 4180 has them",
        arguments: [
            ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
            ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
            ("\"a,b\",\"say \"\"x\"\"\"\n", [["a,b", "say \"x\""]]),
            ("\"two\nlines\",x\n", [["two\nlines", "x"]]),
            ("a,,\n", [["a", "", ""]]),
            ("\u{FEFF}key\n", [["key"]]),
            ("\n\na\n", [["a"]]),
            ("", []),
        ] as [(String, [[String]])])
    func rows(text: String, expected: [[String]]) {
        #expect(CSV.rows(of: text) == expected)
    }

    @Test(
        "A line that is written is read as it was",
        arguments: ["plain", "a,b", "say \"x\"", "two\nlines", ""])
    func line(field: String) {
        #expect(CSV.rows(of: CSV.line([field, "end"])) == [[field, "end"]])
    }
}

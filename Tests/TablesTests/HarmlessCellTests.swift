import Tables
import Testing

/// The signs are those of OWASP, "CSV Injection".
@Suite struct HarmlessCellTests {
    @Test(
        "A cell that a spreadsheet would take for a formula gets an apostrophe, and is read without it",
        arguments: [
            "=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\n=1", "＝1+1", "'=1", "''-x",
        ])
    func formulas(field: String) {
        let line = CSV.line([field, "end"])
        #expect(line.drop { $0 == "\"" }.hasPrefix("'"))
        #expect(Table(line).rows.map(\.fields) == [[field, "end"]])
    }

    @Test("A carriage return in front of a formula is read as a line end")
    func carriageReturn() {
        #expect(CSV.line(["\r=1"]) == "\"'\r=1\"\n")
    }

    @Test(
        "Numbers and other texts stay as they are",
        arguments: ["-1", "+2.5", "-0,75", "-1e-3", "0", "a=b", "'tis", "'", "gneiss/-a", ""])
    func others(field: String) {
        #expect(CSV.harmless(field) == field)
        #expect(Table(CSV.line([field, "end"])).rows.map(\.fields) == [[field, "end"]])
    }
}

import Tables
import Testing

@Suite struct CSVTests {
    @Test(
        "A line that is written is read as it was",
        arguments: ["plain", "a,b", "say \"x\"", "two\nlines", ""])
    func line(field: String) {
        #expect(Table(CSV.line([field, "end"])).rows.map(\.fields) == [[field, "end"]])
    }
}

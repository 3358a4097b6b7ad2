import Testing

@testable import Catalog

@Suite struct SpecimenPatternTests {
    @Test func `The group in parentheses names the specimen`() throws {
        let pattern = try #require(SpecimenPattern("^(.*)_[0-9]+$"))
        let names = ["MU-17_02", "MU-17_3", "outcrop", "_1", "Gläschen_1"]
        #expect(
            names.map { pattern.specimen(inName: $0) } == ["MU-17", "MU-17", nil, nil, "Gläschen"])
    }

    @Test(
        "A text that is no regular expression with one group is no pattern",
        arguments: ["^(.*", "^.*$", "(a)(b)", "[", ""])
    func refused(_ text: String) {
        #expect(SpecimenPattern(text) == nil)
    }
}

import Testing
import Yams

@testable import Site

@Suite struct YAMLDocumentTests {
    @Test(
        "A fault has its line and one line of words, and shows nothing of the text",
        arguments: [
            ("title: x\nreview: secret\nsplit: y\nreview: z", 2, "\"review\" is given again below"),
            ("title: x\n bad: [secret", 2, "mapping values are not allowed in this context"),
            ("types: [secret\ntitle: x", 2, "flow sequence, from line 1"),
            ("title: \"secret", 1, "found unexpected end of stream"),
            ("a: &secret 1\nb: *secret", 1, "names for values"),
        ])
    func faults(text: String, line: Int, words: String) {
        let fault = #expect(throws: YAMLDocument.Fault.self) { try YAMLDocument.root(of: text) }
        #expect(fault?.line == line)
        #expect(fault?.reason.contains(words) == true)
        #expect(fault?.reason.contains("secret") == false && fault?.reason.contains("\n") == false)
    }

    @Test func `A text without a line to blame says why`() {
        let fault = #expect(throws: YAMLDocument.Fault.self) {
            try YAMLDocument.root(of: "title: \u{1}")
        }
        #expect(fault == .init(line: nil, reason: "control characters are not allowed"))
    }

    @Test func `What can be read has a root`() throws {
        #expect(try YAMLDocument.root(of: "") == nil)
        #expect(try YAMLDocument.root(of: "title: Rocks")?["title"]?.string == "Rocks")
    }
}

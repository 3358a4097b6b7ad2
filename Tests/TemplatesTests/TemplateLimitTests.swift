import Testing

@testable import Templates

/// Templates that would need more memory, stack or time than there is.
@Suite struct TemplateLimitTests {
    private func compiled(_ texts: [String: String]) throws -> TemplateSet {
        try TemplateSet(["page"]) { name in
            texts[name].map { TemplateSet.Source(text: $0, file: name + ".html") }
        }
    }

    private func sections(_ count: Int) -> String {
        String(repeating: "{{#a}}", count: count) + "x" + String(repeating: "{{/a}}", count: count)
    }

    @Test("Sections may be a hundred deep, and no deeper")
    func sections() throws {
        let template = try #require(try compiled(["page": sections(100)])["page"])
        #expect(try template.rendered(["a": .flag(true)]) == Array("x".utf8))
        let error = TemplateError(file: "page.html", line: 1, .nestedTooDeep(limit: 100))
        #expect(throws: error) { try compiled(["page": sections(101)]) }
        #expect(throws: error) { try compiled(["page": sections(100_000)]) }
    }

    @Test("The sections of an included template count too")
    func included() throws {
        let texts = ["page": "{{#a}}{{>b}}{{/a}}", "b": sections(99)]
        #expect(throws: TemplateError(file: "page.html", line: 1, .nestedTooDeep(limit: 100))) {
            try compiled(texts)
        }
    }

    @Test("A long chain of templates is refused")
    func chain() {
        var texts = ["page": "{{>p0}}", "p2000": "x"]
        for number in 0..<2_000 { texts["p\(number)"] = "{{>p\(number + 1)}}" }
        #expect(throws: TemplateError(file: "p98.html", line: 1, .nestedTooDeep(limit: 100))) {
            try compiled(texts)
        }
    }

    @Test("Templates that include the next one twice are refused before they fill the memory")
    func doubling() {
        var texts = ["page": "{{>p0}}", "p60": "x"]
        for number in 0..<60 { texts["p\(number)"] = "{{>p\(number + 1)}}{{>p\(number + 1)}}" }
        #expect {
            try compiled(texts)
        } throws: { error in
            (error as? TemplateError)?.mistake == .includesTooMuch(limit: 16_000_000)
        }
    }

    @Test("A list inside itself is refused before it fills the page")
    func repeating() throws {
        let text =
            String(repeating: "{{#a}}", count: 40) + String(repeating: "x", count: 100_000)
            + String(repeating: "{{/a}}", count: 40)
        let template = try #require(try compiled(["page": text])["page"])
        #expect(
            throws: TemplateError(file: "page.html", line: 1, .writesTooMuch(limit: 50_000_000))
        ) {
            try template.rendered(["a": .list([[:], [:], [:], [:]])])
        }
    }
}

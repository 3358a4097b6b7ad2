import Testing

@testable import Templates

/// Expected values are derived by hand from the Mustache manual, mustache(5), and the published
/// cases of its specification (interpolation, sections, inverted, comments, partials).
@Suite struct TemplateTests {
    private func render(
        _ text: String, _ values: Value, partials: [String: String] = [:]
    ) throws -> String {
        let template = try Template(compiling: text, file: "page.html") { name, _ in
            try Template(compiling: partials[name, default: ""], file: name + ".html") { _, place in
                throw TemplateError(place, .unknownPartial(name: name, nearest: nil))
            }
        }
        return String(decoding: try template.rendered(values), as: UTF8.self)
    }

    private static let filled: [(String, Value, String)] = [
        ("Hello, {{subject}}!", ["subject": "world"], "Hello, world!"),
        ("{{forbidden}}", ["forbidden": "& \" < > '"], "&amp; &quot; &lt; &gt; &#39;"),
        ("{{{forbidden}}}", ["forbidden": "& \" < >"], "& \" < >"),
        ("|{{ string }}|", ["string": "---"], "|---|"),
        ("{{#ok}}yes{{/ok}}{{^ok}}no{{/ok}}", ["ok": .flag(true)], "yes"),
        ("{{#ok}}yes{{/ok}}{{^ok}}no{{/ok}}", ["ok": .flag(false)], "no"),
        // The picture of U+001B is U+241B, that of U+007F is U+2421; line breaks and tabs stay.
        ("{{forbidden}}", ["forbidden": "a\u{1B}[0m\u{7F}\tb\n"], "a␛[0m␡\tb\n"),
        ("{{#a}}[{{.}}]{{/a}}", ["a": .list(["1", "<"])], "[1][&lt;]"),
        ("{{#a}}x{{/a}}{{^a}}none{{/a}}", ["a": .list([])], "none"),
        ("{{#a}}{{b.c}}{{/a}}{{b.c}}", ["a": ["d": ""], "b": ["c": "deep"]], "deepdeep"),
        ("{{#a}}{{n}}{{/a}}", ["n": "outer", "a": ["n": "inner"]], "inner"),
        ("{{#t}}<{{.}}>{{/t}}", ["t": ""], ""),
        ("{{#t}}<{{.}}>{{/t}}", ["t": "word"], "<word>"),
        ("12{{! never shown }}34", [:], "1234"),
        ("été {{x}}", ["x": "naïve ▲"], "été naïve ▲"),
    ]

    @Test(arguments: filled)
    func `A tag is filled as Mustache says`(text: String, values: Value, expected: String) throws {
        #expect(try render(text, values) == expected)
    }

    @Test(arguments: [
        ("a\n{{#ok}}\nb\n{{/ok}}\nc\n", "a\nb\nc"),
        ("a\n  {{! note }}  \nb", "a\nb"),
        ("{{#ok}}\r\nb\r\n{{/ok}}\r\n", "b\r\n"),
        ("| {{#ok}} b {{/ok}} |", "|  b  |"),
        ("<ul>\n    <li>\n\t\tx\n</ul>", "<ul><li>\nx\n</ul>"),
        ("<b>\n  {{#ok}}x{{/ok}}\n  </b>", "<b>x</b>"),
        ("{{s}}\n<b>\n{{s}}\n</b>", "T\n<b>\nT\n</b>"),
        ("<pre>\n  <b>\n</b></pre>\n<p>", "<pre>\n  <b>\n</b></pre><p>"),
        ("{{>part}}\nend", "in the partend"),
        ("<b>{{>part}}</b>", "<b>in the part</b>"),
    ]) func `A tag alone on its line takes the line, and indentation goes`(
        text: String, expected: String
    ) throws {
        #expect(
            try render(text, ["ok": .flag(true), "s": "T"], partials: ["part": "in the part\n"])
                == expected)
    }

    @Test("A template that is included after others has its own names and sections")
    func included() throws {
        #expect(
            try render(
                "<i>{{s}}</i>{{#ok}}{{s}}{{/ok}}{{>part}}{{>part}}.",
                ["ok": .flag(true), "no": .flag(false), "s": "T", "list": .list(["1", "2"])],
                partials: ["part": "({{#list}}{{#no}}x{{/no}}{{.}}{{/list}}{{^ok}}y{{/ok}}{{s}})"])
                == "<i>T</i>T(12T)(12T).")
    }

    private static let mistaken: [(String, Int, TemplateMistake)] = [
        ("a\n{{naem}}", 2, .unknownName(name: "naem", part: "naem", nearest: "name")),
        ("{{#ok}}\n\n{{zzz}}{{/ok}}", 3, .unknownName(name: "zzz", part: "zzz", nearest: nil)),
        (
            "{{group.membr}}", 1,
            .unknownName(name: "group.membr", part: "membr", nearest: "member")
        ),
        ("{{#nmae}}{{/nmae}}", 1, .unknownName(name: "nmae", part: "nmae", nearest: "name")),
        ("\n\n{{list}}", 3, .wrongKind(name: "list", kind: "a list")),
        ("{{group}}", 1, .wrongKind(name: "group", kind: "a group")),
        ("{{ok}}", 1, .wrongKind(name: "ok", kind: "a yes or no")),
        ("x\n{{#ok}}", 2, .endMissing(name: "ok")),
        ("{{#ok}}\n{{/name}}", 2, .strayEnd(name: "name", open: "ok")),
        ("{{/ok}}", 1, .strayEnd(name: "ok", open: nil)),
        ("\n{{name", 2, .tagNotClosed),
        ("{{{name}}", 1, .tagNotClosed),
        ("{{a b}}", 1, .noName(written: "a b")),
        ("{{}}", 1, .noName(written: "")),
        ("{{a..b}}", 1, .noName(written: "a..b")),
    ]

    @Test(arguments: mistaken)
    func `A mistake names file, line and tag`(
        text: String, line: Int, mistake: TemplateMistake
    ) throws {
        let values: Value = [
            "name": "x", "ok": .flag(true), "list": .list([]), "group": ["member": "y"],
        ]
        #expect(throws: TemplateError(file: "page.html", line: line, mistake)) {
            try render(text, values)
        }
    }

    @Test func `A name is not looked for in a section that is not shown`() throws {
        #expect(try render("{{#ok}}{{nothing}}{{/ok}}.", ["ok": .flag(false)]) == ".")
    }

    @Test func `The sentence of a mistake says where, what and what to do`() {
        let error = TemplateError(
            file: "templates/image.html", line: 12,
            .unknownName(name: "tilte", part: "tilte", nearest: "title"))
        #expect(
            error.description
                == "templates/image.html, line 12: this page offers no {{tilte}}. Did you mean \"title\" for \"tilte\"?"
        )
    }
}

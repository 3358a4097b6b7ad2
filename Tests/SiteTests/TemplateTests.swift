import Foundation
import Testing

@testable import Site

/// Expected values are worked by hand after the Mustache manual, mustache(5), and the published
/// cases of its specification (interpolation, sections, inverted, comments, partials).
@Suite struct TemplateTests {
    private func render(
        _ text: String, _ values: Value, partials: [String: String] = [:]
    ) throws -> String {
        let template = try Template(compiling: text, file: "page.html") { name, _ in
            try Template(compiling: partials[name, default: ""], file: name + ".html") { _, _ in []
            }
            .segments
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
        #expect(throws: SiteError.mistake(file: "page.html", line: line, mistake)) {
            try render(text, values)
        }
    }

    @Test func `A name is not looked for in a section that is not shown`() throws {
        #expect(try render("{{#ok}}{{nothing}}{{/ok}}.", ["ok": .flag(false)]) == ".")
    }

    @Test func `The sentence of a mistake says where, what and what to do`() {
        let error = SiteError.mistake(
            file: "templates/image.html", line: 12,
            .unknownName(name: "tilte", part: "tilte", nearest: "title"))
        #expect(
            error.description
                == "templates/image.html, line 12: this page offers no {{tilte}}. Did you mean \"title\" for \"tilte\"?"
        )
    }
}

@Suite struct TemplateSetTests {
    private static let pages = Dictionary(
        uniqueKeysWithValues: TemplateSet.Page.allCases.map { ($0.rawValue + ".html", "x") })

    private func set(
        _ changes: [String: String?], _ body: (String, () throws -> Void) throws -> Void
    )
        throws
    {
        var files = Self.pages
        for (name, text) in changes { files[name] = text }
        try withFolder(files) { path in
            try body(path) { _ = try TemplateSet(folder: Folder(path, holds: "templates")) }
        }
    }

    @Test func `A missing template is named`() throws {
        try set(["image.html": nil]) { path, make in
            #expect(throws: SiteError.missingTemplate(folder: path, name: "image.html")) {
                try make()
            }
        }
    }

    @Test func `A partial that does not exist is named with its nearest`() throws {
        try set(["head.html": "", "image.html": "\n{{> haed}}"]) { path, make in
            #expect(
                throws: SiteError.mistake(
                    file: path + "/image.html", line: 2,
                    .unknownPartial(name: "haed", nearest: "head"))
            ) { try make() }
        }
    }

    @Test func `Partials in a circle are refused`() throws {
        try set(["a.html": "{{>b}}", "b.html": "{{>a}}"]) { path, make in
            #expect(
                throws: SiteError.mistake(
                    file: path + "/b.html", line: 1, .partialCycle(names: ["a", "b", "a"]))
            ) { try make() }
        }
    }

    @Test func `A mistake inside a partial names the partial`() throws {
        try set(["image.html": "{{>part}}", "part.html": "a\n{{#open}}"]) { path, make in
            #expect(
                throws: SiteError.mistake(
                    file: path + "/part.html", line: 2, .endMissing(name: "open"))
            ) { try make() }
        }
    }

    @Test func `A folder that is not there is named`() {
        #expect(throws: SiteError.missingFolder(path: "/no/such/folder", holds: "templates")) {
            _ = try Folder("/no/such/folder", holds: "templates")
        }
    }

    @Test func `A template that is not UTF-8 is named`() throws {
        try withFolder([:]) { path in
            let file = path + "/x.html"
            try Data([0x66, 0xFC, 0x72]).write(to: URL(filePath: file))
            #expect(throws: SiteError.unreadable(path: file, reason: "it is not in UTF-8")) {
                _ = try Folder(path, holds: "templates").text(of: "x.html")
            }
        }
    }
}

@Suite struct AssetTests {
    @Test func `An asset carries the digest of its content, and references follow it`() throws {
        let icon = "<svg/>"
        // From `printf '<svg/>' | xxhsum -H2`.
        try withFolder([
            "style.css": "a{background:url(img/dot.svg)}b{mask:url(\"data:x\")}c{fill:url(#d)}",
            "img/dot.svg": icon, "page.html": "", ".DS_Store": "x",
        ]) { path in
            let assets = try Assets(folder: Folder(path, holds: "templates"))
            #expect(assets.files.map(\.name) == ["img/dot.svg", "style.css"])
            let dot = assets.files[0].path
            #expect(dot == "assets/dot.11e8160e8b.svg")
            let name = dot.dropFirst("assets/".count)
            #expect(
                String(decoding: assets.files[1].bytes, as: UTF8.self)
                    == "a{background:url(\"\(name)\")}b{mask:url(\"data:x\")}c{fill:url(#d)}")
            guard case .text(assets.files[1].path) = assets.values["style"]?["css"] else {
                Issue.record("style.css is offered as assets.style.css")
                return
            }
        }
    }

    @Test func `A changed image changes the name of the style that shows it`() throws {
        var names: [String] = []
        for content in ["one", "two"] {
            try withFolder(["style.css": "a{background:url(i.png)}", "i.png": content]) { path in
                let assets = try Assets(folder: Folder(path, holds: "templates"))
                names.append(assets.files[1].path)
            }
        }
        #expect(names[0] != names[1])
    }

    @Test func `A sheet or a script takes the place of the line that imports it`() throws {
        try withFolder([
            "page.css": "@import \"a.css\";\n@import url(b.css) print;\np{}", "a.css": "a{}\n",
            "b.css": "b{}", "page.js": "// x\nimport \"./lib/f.js\";\nf();", "lib/f.js": "g();\n",
        ]) { path in
            let assets = try Assets(folder: Folder(path, holds: "templates"))
            let texts = Dictionary(
                uniqueKeysWithValues: assets.files.map {
                    ($0.name, String(decoding: $0.bytes, as: UTF8.self))
                })
            let other = try #require(assets.files.first { $0.name == "b.css" }).path
            #expect(
                texts["page.css"] == "a{}\n@import url(\"\(other.dropFirst(7))\") print;\np{}")
            #expect(texts["page.js"] == "// x\ng();\nf();")
        }
        try withFolder(["page.js": "import \"./gone.js\";\n"]) { path in
            #expect(
                throws: SiteError.missingAsset(file: path + "/page.js", reference: "./gone.js")
            ) { _ = try Assets(folder: Folder(path, holds: "templates")) }
        }
    }

    @Test func `A reference to a file that is not there is named`() throws {
        try withFolder(["style.css": "a{background:url('gone.png')}"]) { path in
            #expect(
                throws: SiteError.missingAsset(file: path + "/style.css", reference: "gone.png")
            ) { _ = try Assets(folder: Folder(path, holds: "templates")) }
        }
    }

    @Test func `Styles that refer to one another in a circle are refused`() throws {
        try withFolder(["a.css": "@import url(b.css);", "b.css": "@import url(a.css);"]) { path in
            #expect(throws: SiteError.assetCycle(files: ["a.css", "b.css", "a.css"])) {
                _ = try Assets(folder: Folder(path, holds: "templates"))
            }
        }
    }
}

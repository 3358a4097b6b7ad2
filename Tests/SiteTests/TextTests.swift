import Testing

@testable import Site

@Suite struct MarkdownTests {
    /// From the examples of the CommonMark specification, version 0.30 (spec.commonmark.org).
    @Test(arguments: [
        ("*foo bar*\n", "<p><em>foo bar</em></p>\n"),
        ("## foo\n", "<h2>foo</h2>\n"),
        ("- one\n- two\n", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("[link](/uri \"title\")\n", "<p><a href=\"/uri\" title=\"title\">link</a></p>\n"),
        ("`foo`\n", "<p><code>foo</code></p>\n"),
        ("a < b & c\n", "<p>a &lt; b &amp; c</p>\n"),
        ("", ""),
    ]) func `Texts become HTML as CommonMark says`(text: String, html: String) {
        #expect(Markdown.html(text) == html)
    }

    @Test(arguments: [
        "<script>alert(1)</script>\n", "a <b onclick=x>b</b>\n", "[x](javascript:alert(1))\n",
        "![x](data:text/html;base64,AAAA)\n",
    ]) func `Nothing in a text can run`(text: String) {
        let html = Markdown.html(text)
        for forbidden in ["<script", "onclick", "javascript:", "data:text"] {
            #expect(!html.contains(forbidden), "\(html)")
        }
    }

    @Test func `Of a picture with a refused address the words stay`() {
        #expect(
            Markdown.html("a ![the \"words\"](data:text/html,x) b\n")
                == "<p>a the “words” b</p>\n")
    }

    @Test func `A page keeps its title as its one heading of the first level`() {
        #expect(
            Markdown.html("# Outcrops\n\n## `<h1>`\n")
                == "<h2>Outcrops</h2>\n<h2><code>&lt;h1&gt;</code></h2>\n")
    }

    @Test func `Quotation marks and dashes become typographic`() {
        #expect(Markdown.html("\"a\" -- b's\n") == "<p>“a” – b’s</p>\n")
    }
}

@Suite struct TextFileTests {
    @Test func `Front matter gives title, author and date`() throws {
        let text = try TextFile(
            "---\ntitle: \"Rocks: a guide\"\nauthor: A. Heim\ndate: 2026-05-12\n---\nBody\n",
            file: "a.md")
        #expect(text.title == "Rocks: a guide")
        #expect(text.signature == "A. Heim, 12 May 2026")
        #expect(text.html == "<p>Body</p>\n")
        #expect(text.hasFrontMatter)
    }

    @Test(arguments: ["Body\n", "Body\n\n---\nmore\n", "--- \nBody\n"])
    func `A text without front matter is all text`(text: String) throws {
        let file = try TextFile(text, file: "a.md")
        #expect(!file.hasFrontMatter)
        #expect(file.html == Markdown.html(text))
        #expect(file.signature == "")
    }

    @Test func `Empty front matter still makes a page`() throws {
        #expect(try TextFile("---\n---\nBody", file: "a.md").hasFrontMatter)
    }

    @Test func `An unknown setting is named with line and nearest`() {
        #expect(
            throws: SiteError.unknownFrontMatter(
                file: "a.md", line: 3, key: "auhtor", nearest: "author")
        ) { try TextFile("---\ntitle: x\nauhtor: y\n---\n", file: "a.md") }
    }

    @Test(arguments: [
        ("---\nnav: maybe\n---\n", "line 2: nav has to be yes or no"),
        ("---\ntitle: x\nweight: heavy\n---\n", "line 3: weight has to be a whole number"),
        ("---\n- a\n---\n", "they are no list of settings"),
        ("---\ntitle: [a, b]\n---\n", "line 2: title has to be a text"),
    ]) func `Front matter of the wrong shape is refused`(text: String, reason: String) {
        #expect(throws: SiteError.frontMatter(file: "a.md", reason: reason)) {
            try TextFile(text, file: "a.md")
        }
    }

    @Test func `Damaged YAML names the file`() {
        #expect {
            try TextFile("---\ntitle: \"open\n---\n", file: "a.md")
        } throws: { error in
            if case SiteError.frontMatter(file: "a.md", reason: _) = error { return true }
            return false
        }
    }
}

@Suite struct TextsTests {
    private func texts(_ files: [String: String], _ body: (Texts, String) throws -> Void) throws {
        try withFolder(files) { path in
            try body(try Texts(folder: Folder(path, holds: "texts")), path)
        }
    }

    @Test func `About and files with front matter become pages, others do not`() throws {
        try texts([
            "about.md": "Hello", "Field guide.md": "---\ntitle: In the field\n---\n",
            "notes.md": "x",
            "rocks/Andesite.md": "Grey.", "atlas.yml": "title: x", "drafts/a.md": "---\n---\n",
        ]) { texts, _ in
            #expect(texts.pages.map(\.path) == ["field-guide.html", "about.html"])
            #expect(texts.pages.map(\.title) == ["In the field", "About"])
            #expect(texts.rock("andesite")?.html == "<p>Grey.</p>\n")
            #expect(texts.rock("gneiss") == nil)
        }
    }

    @Test func `Front matter puts pages into the navigation, by weight, then by name`() throws {
        try texts([
            "about.md": "Hello", "z.md": "---\nnav: yes\nweight: 2\n---\n",
            "b.md": "---\nnav: yes\n---\n", "c.md": "---\nweight: 1\n---\n",
            "y.md": "---\nnav: true\nweight: 10\n---\n",
        ]) { texts, _ in
            #expect(texts.navigation.map(\.name) == ["z", "y", "about", "b"])
        }
        try texts(["about.md": "---\nnav: no\n---\n"]) { texts, _ in
            #expect(texts.navigation.map(\.name) == [])
        }
    }

    @Test func `A picture beside a text comes along under a name with its digest`() throws {
        try texts([
            "about.md": "![a](img/Thin%20Section.JPG) `img/x.jpg`", "img/Thin Section.JPG": "one",
            "rocks/gneiss.md": "[large](../img/Thin%20Section.JPG#top) ![b](own.png)",
            "rocks/own.png": "two", "unused.png": "three",
        ]) { texts, _ in
            let digests = texts.attachments.map(\.path)
            #expect(digests.count == 2)
            let large = try #require(digests.first { $0.hasSuffix(".jpg") })
            #expect(
                large.wholeMatch(of: /texts\/thin-section\.[0-9a-f]{10}\.jpg/) != nil)
            #expect(
                texts.pages[0].text.html
                    == "<p><img src=\"\(large)\" alt=\"a\" /> <code>img/x.jpg</code></p>\n")
            let html = try #require(texts.rock("gneiss")?.html)
            #expect(html.contains("<a href=\"../\(large)\">large</a>"))
            #expect(html.contains("<img src=\"../texts/own."))
            #expect(
                texts.attachments.map { String(decoding: $0.bytes, as: UTF8.self) }.sorted()
                    == ["one", "two"])
        }
    }

    @Test(arguments: [
        "![a](../secret.png)", "![a](/etc/x.png)", "![a](gone.png)", "[a](atlas.yml)",
        "![a](file:///x.png)", "[a](about.md)",
    ]) func `Nothing else is copied`(text: String) throws {
        try texts(["about.md": text, "atlas.yml": "title: x"]) { texts, _ in
            #expect(texts.attachments.isEmpty)
            #expect(texts.pages[0].text.html == Markdown.html(text))
        }
    }

    @Test(arguments: ["models.md", "index.md", "Review.md", "con.md"])
    func `A text does not replace a page of the atlas`(name: String) throws {
        try withFolder([name: "---\n---\n"]) { path in
            let page = name.lowercased().replacing(".md", with: ".html")
            #expect(throws: SiteError.pageTaken(file: path + "/" + name, page: page)) {
                _ = try Texts(folder: Folder(path, holds: "texts"))
            }
        }
    }
}

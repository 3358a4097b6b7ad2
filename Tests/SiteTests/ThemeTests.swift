import Foundation
import Templates
import Testing

@testable import Site

@Suite struct PageTemplatesTests {
    private static let pages = Dictionary(
        uniqueKeysWithValues: PageKind.all.map { ($0.name + ".html", "x") })

    private func set(
        _ changes: [String: String?], _ body: (String, () throws -> Void) throws -> Void
    )
        throws
    {
        var files = Self.pages
        for (name, text) in changes { files[name] = text }
        try withFolder(files) { path in
            try body(path) { _ = try PageTemplates(ThemeFiles(Theme(path))) }
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
                throws: TemplateError(
                    file: path + "/image.html", line: 2,
                    .unknownPartial(name: "haed", nearest: "head"))
            ) { try make() }
        }
    }

    @Test func `Partials in a circle are refused`() throws {
        try set(["a.html": "{{>b}}", "b.html": "{{>a}}"]) { path, make in
            #expect(
                throws: TemplateError(
                    file: path + "/b.html", line: 1, .partialCycle(names: ["a", "b", "a"]))
            ) { try make() }
        }
    }

    @Test func `A mistake inside a partial names the partial`() throws {
        try set(["image.html": "{{>part}}", "part.html": "a\n{{#open}}"]) { path, make in
            #expect(
                throws: TemplateError(
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
            #expect(throws: SiteError.notUnicode(path: file, line: 1)) {
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
            let assets = try Assets(ThemeFiles(Theme(path)))
            #expect(assets.files.map(\.name) == ["img/dot.svg", "style.css"])
            let dot = assets.files[0].path
            #expect(dot == "assets/dot.11e8160e8b.svg")
            let name = dot.dropFirst("assets/".count)
            #expect(
                String(decoding: assets.files[1].bytes, as: UTF8.self)
                    == "a{background:url(\"\(name)\")}b{mask:url(\"data:x\")}c{fill:url(#d)}")
            guard case .text(assets.files[1].path) = Assets.values(assets.named)["style"]?["css"]
            else {
                Issue.record("style.css is offered as assets.style.css")
                return
            }
        }
    }

    @Test func `A changed image changes the name of the style that shows it`() throws {
        var names: [String] = []
        for content in ["one", "two"] {
            try withFolder(["style.css": "a{background:url(i.png)}", "i.png": content]) { path in
                let assets = try Assets(ThemeFiles(Theme(path)))
                names.append(assets.files[1].path)
            }
        }
        #expect(names[0] != names[1])
    }

    @Test func `A sheet or a script takes the place of the line that imports it`() throws {
        try withFolder([
            "page.css": "@import \"a.css\";\n@import url(b.css) print;\np{}", "a.css": "a{}\n",
            "b.css": "b{}", "page.js": "// x\n//= include \"./lib/f.js\"\nf();",
            "lib/f.js": "g();\n",
        ]) { path in
            let assets = try Assets(ThemeFiles(Theme(path)))
            let texts = Dictionary(
                uniqueKeysWithValues: assets.files.map {
                    ($0.name, String(decoding: $0.bytes, as: UTF8.self))
                })
            let other = try #require(assets.files.first { $0.name == "b.css" }).path
            #expect(
                texts["page.css"] == "a{}\n@import url(\"\(other.dropFirst(7))\") print;\np{}")
            #expect(texts["page.js"] == "// x\ng();\nf();")
        }
        try withFolder(["page.js": "//= include \"./gone.js\"\n"]) { path in
            #expect(
                throws: SiteError.missingAsset(file: path + "/page.js", reference: "./gone.js")
            ) { _ = try Assets(ThemeFiles(Theme(path))) }
        }
    }

    @Test func `A reference to a file that is not there is named`() throws {
        try withFolder(["style.css": "a{background:url('gone.png')}"]) { path in
            #expect(
                throws: SiteError.missingAsset(file: path + "/style.css", reference: "gone.png")
            ) { _ = try Assets(ThemeFiles(Theme(path))) }
        }
    }

    @Test func `Styles that refer to one another in a circle are refused`() throws {
        try withFolder(["a.css": "@import url(b.css);", "b.css": "@import url(a.css);"]) { path in
            #expect(throws: SiteError.assetCycle(files: ["a.css", "b.css", "a.css"])) {
                _ = try Assets(ThemeFiles(Theme(path)))
            }
        }
    }
}

/// A theme that lacks files, and the default theme beside it.
@Suite struct BorrowingTests {
    /// A default theme whose errata page needs a fragment, and a style sheet that imports and shows
    /// other files.
    private static let defaults = Dictionary(
        uniqueKeysWithValues: PageKind.all.map { ($0.name + ".html", "default") }
    ).merging([
        "errata.html": "{{>head}}{{root}}{{assets.look.main.css}}", "head.html": "head",
        "look/main.css": "@import \"base.css\";\na{background:url(dot.png)}",
        "look/base.css": "b{}\n", "look/dot.png": "dot", "unused.css": "c{}",
    ]) { $1 }

    private func withThemes(
        _ own: [String: String], _ more: [String: String] = [:],
        _ body: (ThemeFiles, String) throws -> Void
    ) throws {
        var files = own.map { ("own/" + $0, $1) }
        files += Self.defaults.map { ("defaults/" + $0, $1) } + more.map { ($0, $1) }
        try withFolder(Dictionary(uniqueKeysWithValues: files)) { path in
            try body(
                ThemeFiles(Theme(path + "/own", defaults: path + "/defaults")), path)
        }
    }

    /// All pages but the errata page.
    private static let most = defaults.filter { $0.key.hasSuffix(".html") }
        .filter { !["errata.html", "head.html"].contains($0.key) }.mapValues { _ in "own" }

    @Test func `What a theme lacks comes from the defaults, is named, and brings no more along`()
        throws
    {
        try withThemes(Self.most) { theme, path in
            let templates = try PageTemplates(theme)
            #expect(templates.assets == ["look.main.css"])
            let assets = try Assets(theme, needed: templates.assets)
            #expect(assets.files.map(\.name) == ["look/dot.png", "look/main.css"])
            #expect(
                String(decoding: assets.files[1].bytes, as: UTF8.self).hasPrefix(
                    "b{}\na{background:url(\"dot."))
            let page = try templates["errata"].rendered([
                "root": "", "assets": Assets.values(assets.named),
            ])
            #expect(String(decoding: page, as: UTF8.self) == "head" + assets.files[1].path)
            #expect(
                theme.note
                    == "The theme \(path)/own has no errata.html, head.html, look/base.css, "
                    + "look/dot.png and look/main.css; the defaults in \(path)/defaults are used.")
        }
    }

    @Test func `A theme's own fragment and sheet go before the defaults'`() throws {
        let own = Self.most.merging(["head.html": "mine", "look/base.css": "m{}\n"]) { $1 }
        try withThemes(own) { theme, _ in
            let templates = try PageTemplates(theme)
            let assets = try Assets(theme, needed: templates.assets)
            #expect(assets.files.map(\.name) == ["look/base.css", "look/dot.png", "look/main.css"])
            #expect(String(decoding: assets.files[2].bytes, as: UTF8.self).hasPrefix("m{}\na{"))
            let page = try templates["errata"].rendered([
                "root": "", "assets": Assets.values(assets.named),
            ])
            #expect(String(decoding: page, as: UTF8.self).hasPrefix("mine"))
        }
    }

    @Test func `A theme that is whole borrows nothing`() throws {
        let own = Self.most.merging(["errata.html": "own", "style.css": "a{}"]) { $1 }
        try withThemes(own) { theme, _ in
            let templates = try PageTemplates(theme)
            let assets = try Assets(theme, needed: templates.assets)
            #expect(assets.files.map(\.name) == ["style.css"])
            #expect(theme.note == nil)
        }
    }

    @Test func `A file that nothing uses and that nearly has the name of a borrowed one is told`()
        throws
    {
        // "used2.css" is named by a template, and "icon2.png" by a sheet; nothing like "other.css" is
        // borrowed.
        let own = Self.most.merging([
            "image.html": "{{assets.used.css}}{{assets.used2.css}}",
            "rock.html": "{{>headed}}", "headed.html": "{{assets.icon.png}}",
            "used2.css": "a{background:url(icon2.png)}", "icon2.png": "i", "heed.html": "h",
            "used3.css": "b{}", "other.css": "c{}",
        ]) { $1 }
        let more = ["defaults/used.css": "d{}", "defaults/icon.png": "d"]
        try withThemes(own, more) { theme, path in
            let templates = try PageTemplates(theme)
            let assets = try Assets(theme, needed: templates.assets)
            #expect(
                theme.misnamed(used: templates.files.union(assets.used)) == [
                    "\(path)/own/heed.html is not used by any page, and head.html is taken from the "
                        + "defaults. Rename it to head.html if that is meant, or remove it.",
                    "\(path)/own/used3.css is not used by any page, and used.css is taken from the "
                        + "defaults. Rename it to used.css if that is meant, or remove it.",
                ])
        }
    }

    @Test func `An empty template is a mistake, not a lacking one`() throws {
        try withThemes(Self.most.merging(["errata.html": " \n"]) { $1 }) { theme, path in
            #expect(throws: SiteError.emptyTemplate(file: path + "/own/errata.html")) {
                _ = try PageTemplates(theme)
            }
        }
    }

    @Test func `What neither the theme nor the defaults have is a mistake`() throws {
        try withThemes(Self.most.merging(["rock.html": "\n{{>hed}}"]) { $1 }) { theme, path in
            #expect(
                throws: TemplateError(
                    file: path + "/own/rock.html", line: 2,
                    .unknownPartial(name: "hed", nearest: "head"))
            ) { _ = try PageTemplates(theme) }
        }
        try withThemes(["a.css": "a{background:url(gone.png)}"]) { theme, path in
            #expect(
                throws: SiteError.missingAsset(file: path + "/own/a.css", reference: "gone.png")
            ) { _ = try Assets(theme) }
        }
    }
}

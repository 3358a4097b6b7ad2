import AtlasModel
import Foundation
import Testing

@testable import Site

@Suite struct TextCheckTests {
    /// The notes on a folder of texts, with `texts/` in place of the folder's path.
    private func notes(_ files: [String: String]) throws -> [String] {
        var notes: [String] = []
        try withFolder(files) { folder in
            let site = try Site(
                edition: TinyEdition.edition(),
                sources: SiteSources(
                    theme: Theme(TinyEdition.root.appending(path: "templates").path),
                    content: folder), pictures: TinyEdition.pictures, showsTimes: true)
            notes = site.notes.map { $0.replacing(folder + "/", with: "texts/") }
        }
        return notes
    }

    private static let matter = "---\ntitle: x\n---\n"

    @Test(arguments: [
        ("[a](nowhere.html)", "\"nowhere.html\" leads to no file."),
        ("[a](gneiss/)", "\"gneiss/\" leads to a folder. Name the page in it."),
        (
            "![a](https://host/a.png)",
            "\"https://host/a.png\" is loaded from a network. Put the file into the atlas."
        ),
        ("![a](photo.jpg)", "\"photo.jpg\" leads to no file."),
        ("[a](/index.html)", "\"/index.html\" is absolute. Make it relative to the page."),
        ("[a](#gone)", "\"#gone\" leads to a place that the page does not have."),
    ]) func `A link that would break is noted with its file`(text: String, reason: String) throws {
        #expect(
            try notes(["guide.md": Self.matter + "\n" + text + "\n\n" + text])
                == ["texts/guide.md, line 5: \(reason)"])
    }

    @Test(arguments: [
        "[a](index.html)", "[a](models.html) [b](disputed.html) [c](review.html)",
        "[a](errata.html#main) [b](#main)", "[a](gneiss/index.html#predicted=andesite)",
        "[a](https://host/) [b](mailto:a@host)", "[a](guide.html)",
    ]) func `A link that works is not`(text: String) throws {
        #expect(try notes(["guide.md": Self.matter + text]) == [])
    }

    @Test func `Links in the text of a rock type start from its plate`() throws {
        #expect(
            try notes(["rocks/gneiss.md": "[a](../about.html) [b](errata.html)", "about.md": "x"])
                == ["texts/rocks/gneiss.md, line 1: \"errata.html\" leads to no file."])
    }

    @Test func `A file without front matter is said to be no page`() throws {
        #expect(
            try notes(["notes.md": "Some words", "drafts/a.md": "x", "atlas.yml": "title: x"])
                == [
                    "texts/notes.md begins without front matter, so it becomes no page. "
                        + "Begin it with the lines \"---\", \"title: …\", \"---\", "
                        + "or move it elsewhere."
                ])
    }

    @Test func `The text of a type that the atlas does not have is named`() throws {
        #expect(
            try notes(["rocks/gneis.md": "x", "rocks/soap stone.md": "x"])
                == [
                    "texts/rocks/gneis.md is not shown: the atlas has no rock type \"gneis\". "
                        + "Did you mean \"gneiss\"?",
                    "texts/rocks/soap stone.md is not shown: the atlas has no rock type "
                        + "\"soap stone\". Name the file like a type, or remove it.",
                ])
    }

    @Test func `Nothing is said against the texts that come with the program`() throws {
        #expect(try TinyEdition.site().notes == [])
    }
}

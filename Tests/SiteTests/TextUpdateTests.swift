import Foundation
import Parallel
import Synchronization
import Testing

@testable import Site

/// A text page that is made again without the edition is the page that the whole site makes.
@Suite struct TextUpdateTests {
    private static let before = [
        "about.md": "---\ntitle: About\nauthor: the curator\n---\nSome [errata](errata.html).",
        "guide.md": "---\ntitle: Guide\nnav: yes\n---\nA [review](review.html), a ![map](map.svg).",
        "rocks/gneiss.md": "Banded.", "map.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    ]

    private func sources(_ folder: String) throws -> SiteSources {
        try SiteSources(
            theme: Theme(TinyEdition.root.appending(path: "templates").path), content: folder)
    }

    private func site(_ sources: SiteSources) throws -> Site {
        try Site(
            edition: TinyEdition.edition(), sources: sources, pictures: TinyEdition.pictures,
            showsTimes: true)
    }

    /// The files that a function writes, by path.
    private func written(_ body: (Sink) throws -> Void) rethrows -> [String: [UInt8]] {
        let files = Mutex<[String: [UInt8]]>([:])
        try body(Sink { path, bytes, _ in files.withLock { $0[path] = bytes } })
        return files.withLock { $0 }
    }

    @Test(arguments: [
        ["about.md": "---\ntitle: About\nauthor: the curator\n---\nOther words, [a](models.html)."],
        ["guide.md": "---\ntitle: Guide\nnav: yes\n---\nNo review; a ![map](map.svg)."], [:],
    ]) func `Other words change only the page of the text`(change: [String: String]) throws {
        try withFolder(Self.before) { old in
            let basis = try JSONDecoder().decode(
                TextBasis.self, from: JSONEncoder().encode(try site(sources(old)).textBasis))
            try withFolder(Self.before.merging(change) { $1 }) { new in
                let texts = try sources(new)
                let update = try #require(TextUpdate(texts, basis: basis))
                let pages = try written(update.write)
                #expect(pages.keys.sorted() == ["about.html", "guide.html"])
                let whole = try written { sink in
                    try site(sources(new)).pages(workers: Workers(1))
                        .write(to: sink, workers: Workers(1))
                }
                for (path, bytes) in pages { #expect(whole[path] == bytes, "\(path)") }
            }
        }
    }

    @Test(arguments: [
        ["about.md": "---\ntitle: Another\nauthor: the curator\n---\nSome words."],
        ["about.md": "---\ntitle: About\n---\nSome words."],
        ["guide.md": "---\ntitle: Guide\n---\nA [review](review.html), a ![map](map.svg)."],
        ["guide.md": "---\ntitle: Guide\nnav: yes\n---\nNo picture."],
        ["guide.md": "---\ntitle: Guide\nnav: yes\nweight: 1\n---\nA ![map](map.svg)."],
        ["rocks/gneiss.md": "Folded."], ["rocks/marble.md": "White."],
        ["map.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>"],
        ["new.md": "---\ntitle: New\n---\nWords."], ["draft.md": "No front matter."],
    ]) func `What other pages show of the texts needs a whole build`(
        change: [String: String]
    ) throws {
        try withFolder(Self.before) { old in
            let basis = try site(sources(old)).textBasis
            try withFolder(Self.before.merging(change) { $1 }) { new in
                let texts = try sources(new)
                #expect(TextUpdate(texts, basis: basis) == nil)
            }
        }
    }

    @Test func `Links that would break are noted`() throws {
        try withFolder(["about.md": "Words"]) { old in
            let basis = try site(sources(old)).textBasis
            try withFolder(["about.md": "[a](errata.html) [b](gone.html) [c](data/x.js)"]) { new in
                let texts = try sources(new)
                let update = try #require(TextUpdate(texts, basis: basis))
                let notes = try update.notes(files: ["errata.html", "data/x.js", "about.html"])
                #expect(
                    notes.map { $0.replacing(new + "/", with: "") } == [
                        "about.md, line 1: \"gone.html\" leads to no file.",
                        "about.md, line 1: \"data/x.js\" leads to no file.",
                    ])
            }
        }
    }
}

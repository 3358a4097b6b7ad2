import AtlasModel
import Testing

@testable import Site

/// The atlas of a collection that has no network.
@Suite struct UnclassifiedTests {
    private func files() throws -> [String: String] {
        try TinyEdition.written(TinyEdition.site(TinyEdition.edition().unclassified))
            .filter { $0.key.hasSuffix(".html") }
            .mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `No page speaks of predictions, and none of the models page`() throws {
        let files = try files()
        #expect(files["models.html"] == nil)
        #expect(files["disputed.html"] == nil)
        for (path, text) in files where !path.hasPrefix("about") && !path.hasPrefix("review") {
            for word in ["models.html", "disputed.html", "redicted", "the network"] {
                #expect(!text.contains(word), "\(path): \(word)")
            }
        }
    }

    @Test func `Pages of pictures keep label, facts and look-alikes`() throws {
        let page = try #require(try files()["gneiss/\(Self.shard)/p1.html"])
        #expect(page.contains("<dt>Label<dd>Gneiss"))
        #expect(page.contains("<dt>Key"))
        #expect(page.contains("class=targets"))
        #expect(page.contains("<dt>Part of<dd>"))
    }

    @Test func `The page of look-alikes is in the navigation instead`() throws {
        let front = try #require(try files()["index.html"])
        #expect(
            front.contains(#"<li><a href="similarity.html">Look-alikes"#)
                || front.contains("<li><a href=similarity.html>Look-alikes"))
    }

    private static let shard: String = {
        let images = TinyEdition.images
        let paths = AtlasPaths(keys: images.map(\.key), labels: TinyEdition.types.map(\.label))
        let index = images.firstIndex { $0.key == "gneiss/P1" } ?? 0
        return paths.places[index].shard
    }()
}

@Suite struct AbsentPagesTests {
    @Test(arguments: [
        (#"the <a href="models.html">models <em>page</em></a>."#, "", "the models <em>page</em>."),
        (
            #"<a href="models.html#card">card</a> <a href="x.html">x</a>"#, "",
            #"card <a href="x.html">x</a>"#
        ),
        (#"<a href="../models.html">up</a>"#, "../", "up"),
        (#"<a href="models.html.zip">zip</a>"#, "", #"<a href="models.html.zip">zip</a>"#),
        ("no link", "", "no link"),
    ])
    func `Links to absent pages become their text`(html: String, root: String, expected: String) {
        #expect(AbsentPages(["models.html"]).unlinked(html, root: root) == expected)
    }
}

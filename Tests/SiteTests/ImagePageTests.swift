import AtlasModel
import Foundation
import Testing

@testable import Site

/// The page of a picture with an unusual shape, name or content.
@Suite struct ImagePageTests {
    @Test func `Distances are told as steps of half their last decimal, rounded up`() {
        let matches = [0, 0.00001, 0.22026, 0.2276, 0.2276, 0.3].map {
            Match(target: 0, distance: $0, rotation: 0)
        }
        #expect(Pages.steps(matches) == "0 1 4405 146 0 1448")
        #expect(Pages.steps([]) == "")
    }

    @Test func `The steps give distance and score as the page rounds them`() {
        // Read as templates/image.js and templates/compare.js do.
        for number in 0...40_000 {
            let match = Match(target: 0, distance: (Double(number) + 0.5) / 20_000, rotation: 0)
            let units = Double(Pages.steps([match])) ?? .nan
            #expect((units / 2).rounded(.down) == (10_000 * match.distance).rounded())
            #expect((1_000 - units / 40).rounded() == (10 * match.score).rounded())
        }
    }

    /// Pages of the tiny edition by key, with `vectors` in place of some pictures' model vectors.
    private func pages(
        vectors: [String: [UInt8]] = [:], isSealed: Bool = false
    ) throws -> [String: String] {
        let images = TinyEdition.images
        let source = PictureSource(
            vector: { vectors[images[$0].key] ?? TinyEdition.pictures.vector($0) },
            file: TinyEdition.pictures.file)
        let site = try Site(
            edition: TinyEdition.edition(isSealed: isSealed),
            sources: SiteSources(
                theme: Theme(TinyEdition.root.appending(path: "templates").path),
                content: TinyEdition.root.appending(path: "content").path), pictures: source,
            showsTimes: true)
        let files = try TinyEdition.written(site)
        let paths = AtlasPaths(keys: images.map(\.key), labels: TinyEdition.types.map(\.label))
        return Dictionary(
            uniqueKeysWithValues: zip(images, paths.places).map { image, place in
                (image.key, String(decoding: files[place.page] ?? [], as: UTF8.self))
            })
    }

    private let sentence =
        "This picture is one even grey, black or white, so nothing can be compared with it."

    @Test func `A picture that is the same everywhere has a sentence instead of look-alikes`()
        throws
    {
        let grey = [UInt8](repeating: 120, count: 2352)
        let pages = try pages(vectors: ["gneiss/P1": grey])
        let blank = try #require(pages["gneiss/P1"])
        #expect(blank.contains(sentence))
        for part in ["class=targets", "data-compare", "<dialog", "stand in both panels"] {
            #expect(!blank.contains(part), "\(part)")
        }
        let other = try #require(pages["gneiss/P2"])
        #expect(!other.contains(sentence))
        #expect(other.contains("class=targets"))
    }

    @Test func `A picture of one colour that is no grey has look-alikes, as its channels differ`()
        throws
    {
        let red = (0..<2352).map { [UInt8(200), 30, 30][$0 % 3] }
        let page = try #require(try pages(vectors: ["gneiss/P1": red])["gneiss/P1"])
        #expect(!page.contains(sentence))
        #expect(page.contains("class=targets"))
    }

    @Test func `Picture and bar scale share one width, and the bar is marked in its pixels`() throws
    {
        let page = try #require(try pages()["gneiss/P1"])
        #expect(
            page.contains("<img src=p1.jpg alt=\"Gneiss P1\" width=400 height=300>"))
        let scale = try #require(page.firstMatch(of: /<p class=scale[^>]*>(.*?)<\/div>/))
        let marks = scale.output.1.matches(of: /<i>([^<]*)<\/i>/).map { String($0.output.1) }
        #expect(marks == ["0", "100", "200", "300", "400\u{202F}px"])
    }

    @Test func `A look-alike's whole name stands below it`() throws {
        let page = try #require(try pages()["gneiss/P1"])
        #expect(page.contains("<b>012L6</b>"))
        #expect(page.contains("<b>&lt;b&gt;&amp;&quot;x</b>"))
    }

    @Test func `The page allows nothing to run but the scripts of the atlas`() throws {
        let page = try #require(try pages()["gneiss/P1"])
        let policy = try #require(
            page.firstMatch(
                of: /<meta http-equiv=Content-Security-Policy content="([^"]*)">/)?.output.1)
        #expect(
            policy.split(separator: ";").map(String.init) == [
                "default-src 'none'", "script-src 'self'", "style-src 'self'",
                "img-src 'self' data:", "base-uri 'none'", "form-action 'none'",
            ])
        for forbidden in [" style=", "<style", "<script>", " onclick", "javascript:"] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
    }

    @Test(arguments: [
        ("P1", ["P1"]), ("IMG_2024-05", ["IMG_", "2024-", "05"]), ("a_", ["a_"]),
        ("__", ["_", "_"]),
    ]) func `A long name may break behind underscores and hyphens`(name: String, parts: [String]) {
        #expect(Pages.parts(of: name) == parts)
    }

    @Test
    func `Of many types the most probable ones and the label are shown, and the sum of the others`()
        throws
    {
        let tiny = TinyEdition.edition()
        // Twelve types; the label is type 11, which is the least probable one.
        let probabilities: [Float] = [
            0.3, 0.02, 0.02, 0.1, 0.2, 0.02, 0.02, 0.02, 0.15, 0.05, 0.09, 0.01,
        ]
        let images = tiny.images.map { $0.with(label: 11) }
        let edition = tiny.with(
            rockTypes: (0..<12).map { RockType(label: "t\($0)") }, plates: Array(0..<12),
            images: images,
            predictions: images.map { _ in Prediction(probabilities: probabilities) })
        let page = String(
            decoding: try TinyEdition.site(edition).pages.imagePage(1).bytes, as: UTF8.self)
        let bars = page.matches(of: /<dt>T([0-9]+)<dd><svg/).map(\.output.1)
        #expect(bars == ["0", "3", "4", "8", "9", "10", "11"])
        #expect(page.contains("<dt>5 other types<dd>10.0\u{202F}%"))
    }

    @Test func `The page of a sealed candidate tells nothing of the models, and others all`() throws
    {
        let (open, sealed) = (try pages(), try pages(isSealed: true))
        let candidate = TinyEdition.nastyKey
        for word in ["id=kmeans", "id=pairwise", "data-d=", "Cluster", "data-turn", "data-compare"]
        {
            #expect(try #require(open[candidate]).contains(word), "\(word)")
            #expect(try !#require(sealed[candidate]).contains(word), "\(word)")
        }
        // The look-alikes of both models, each once, in key order: all pictures but itself.
        let page = try #require(sealed[candidate])
        let links = page.matches(of: /<a href=([^ >]+)><img/).map { String($0.output.1) }
        #expect(links.count == TinyEdition.images.count - 1)
        #expect(Set(links).count == links.count)
        for key in open.keys where key != candidate { #expect(open[key] == sealed[key], "\(key)") }
    }
}

@Suite struct FrontPageTests {
    @Test(arguments: [
        (6, 26_398, "Six rock types in 26,398 pictures"), (1, 1, "One rock type in 1 picture"),
        (2, 30, "Two rock types in 30 pictures"), (0, 3, "3 pictures"), (0, 0, "No pictures"),
    ]) func `The heading counts types that have pictures`(types: Int, pictures: Int, text: String) {
        #expect(Pages.heading(types: types, pictures: pictures) == text)
    }
}

@Suite struct AgreementTests {
    @Test func `Without folds, share and commonest mistake are counted over the test pictures`()
        throws
    {
        // The rows of the confusion: 8, 2, 0 and 0, 10, 0 and 1, 0, 9.
        let edition = TinyEdition.edition()
        let andesite = try #require(
            Agreement(edition, type: 0, members: [0, 1, 2, 3, 6]))
        #expect(andesite.proportion == Proportion(8, of: 10))
        #expect(andesite.commonestMistake?.type == 1)
        #expect(andesite.commonestMistake?.count == 2)
        let gneiss = try #require(Agreement(edition, type: 1, members: [4, 5]))
        #expect(gneiss.commonestMistake == nil)
    }

    @Test func `With folds both are counted over all pictures of the type`() throws {
        // Pictures 0, 3, 6 are predicted andesite, 1 and 2 mica schist.
        let andesite = try #require(
            Agreement(TinyEdition.edition(folds: 5), type: 0, members: [0, 1, 2, 3, 6]))
        #expect(andesite.proportion == Proportion(3, of: 5))
        #expect(andesite.commonestMistake?.type == 2)
        #expect(andesite.commonestMistake?.count == 2)
    }

    @Test func `The plate says of how many pictures both are counted`() throws {
        let files = try TinyEdition.written(TinyEdition.site())
        let html = String(decoding: files["andesite/index.html"] ?? [], as: UTF8.self)
        // Wilson 95 % of 8 in 10: centre (0.8 + 0.19207) / 1.38415, half 0.22660.
        #expect(
            html.contains(
                "<dt>Test pictures predicted as labelled<dd>80.0\u{202F}% "
                    + "<span class=\"muted\">(49.0–94.3), of 10</span>"))
        #expect(
            html.contains(
                "<dt>Test pictures most often taken for<dd>Gneiss "
                    + "<span class=\"muted\">twice, of 10</span>"))
    }
}

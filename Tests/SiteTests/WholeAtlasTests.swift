import AtlasModel
import Foundation
import Parallel
import Raster
import Similarity
import Testing

@testable import Site

/// A whole atlas, written into memory.
@Suite struct WholeAtlasTests {
    /// Written once for all tests.
    private static let outcome = Result { try TinyEdition.written(TinyEdition.site()) }

    private let files: [String: [UInt8]]

    init() throws { files = try Self.outcome.get() }

    private func text(_ path: String) throws -> String {
        String(decoding: try #require(files[path], "\(path) was not written"), as: UTF8.self)
    }

    private func file(_ pattern: Regex<Substring>) throws -> String {
        let paths = files.keys.filter { $0.wholeMatch(of: pattern) != nil }
        #expect(paths.count == 1)
        return try #require(paths.first)
    }

    private func page(of key: String) throws -> String {
        let index = try #require(TinyEdition.images.firstIndex { $0.key == key })
        let paths = AtlasPaths(
            keys: TinyEdition.images.map(\.key), labels: TinyEdition.types.map(\.label))
        return paths.places[index].page
    }

    @Test func `Every page is there, and nothing is written twice under one name`() throws {
        let pages = Set(files.keys.filter { $0.hasSuffix(".html") })
        #expect(pages.count == 12 + 4 + 7)
        for path in [
            "index.html", "models.html", "similarity.html", "disputed.html", "errata.html",
            "about.html", "review.html",
            "andesite/index.html", "gneiss/index.html", "mica-schist/index.html",
            "unlabelled/index.html",
        ] { #expect(pages.contains(path)) }
    }

    @Test func `Every address in every page leads to a file of the atlas`() throws {
        var seen = 0
        for (path, bytes) in files where path.hasSuffix(".html") {
            let html = String(decoding: bytes, as: UTF8.self)
            let folder = path.split(separator: "/").dropLast().map(String.init)
            let attributes = html.matches(
                of: /(?:href|src|data-src|data-sprite)=(?:"([^"]*)"|([^\s">]+))|url\(([^)]*)\)/)
            for match in attributes {
                let (_, quoted, bare, style) = match.output
                let address = String(quoted ?? bare ?? style ?? "")
                if address.hasPrefix("#") || address.hasPrefix("data:") { continue }
                var parts = folder
                for part in address.prefix(while: { $0 != "#" }).split(separator: "/") {
                    if part == ".." {
                        #expect(!parts.isEmpty, "\(address) in \(path) leaves the atlas")
                        _ = parts.popLast()
                    } else {
                        parts.append(String(part))
                    }
                }
                #expect(files[parts.joined(separator: "/")] != nil, "\(address) in \(path)")
                seen += 1
            }
        }
        #expect(seen > 400)
    }

    @Test func `Every path is allowed`() {
        for path in files.keys {
            #expect(path.utf8.count <= 120)
            #expect(path.wholeMatch(of: /[a-z0-9._\/-]+/) != nil, "\(path)")
        }
    }

    @Test func `A key is shown as it is, and is never markup`() throws {
        let html = try text(try page(of: TinyEdition.nastyKey))
        #expect(html.contains("andesite/&lt;b&gt;&amp;&quot;x"))
        #expect(
            html.contains("<h1><bdi>Andesite</bdi> <b>&lt;b&gt;&amp;&quot;x</b></h1>"))
        for (path, bytes) in files where path.hasSuffix(".html") || path.hasSuffix(".js") {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("<b>&\"x"), "\(path)")
        }
    }

    @Test func `Title and collection are escaped on every page`() throws {
        for (path, bytes) in files where path.hasSuffix(".html") {
            let html = String(decoding: bytes, as: UTF8.self)
            #expect(html.contains("Tiny &amp; true</title>"), "\(path)")
            #expect(html.contains("stones &lt;1&gt;.zip"), "\(path)")
        }
    }

    @Test func `Each page has one h1, a language, a title, and no address outside`() throws {
        for (path, bytes) in files where path.hasSuffix(".html") {
            let html = String(decoding: bytes, as: UTF8.self)
            #expect(html.matches(of: /<h1[ >]/).count == 1, "\(path)")
            #expect(html.hasPrefix("<!doctype html><html lang=en>"), "\(path)")
            #expect(!html.contains("://"), "\(path)")
            #expect(!html.contains("{{"), "\(path)")
        }
    }

    @Test func `Originals are copied byte for byte, thumbnails only where they are smaller`() throws
    {
        for (index, image) in TinyEdition.images.enumerated() {
            let path = try page(of: image.key).replacing(".html", with: "")
            let original = "\(path).\(image.format.fileExtension)"
            #expect(try files[original] == TinyEdition.pictures.file(index))
            #expect((files["thumbs/\(path).jpg"] != nil) == (image.key == "gneiss/P1"))
        }
    }

    @Test func `What is written does not depend on the number of threads`() throws {
        let alone = try TinyEdition.written(TinyEdition.site(), workers: 1)
        #expect(alone == files)
    }

    // MARK: The page of a picture

    @Test func `Targets in both panels are framed, turned ones are shown turned`() throws {
        let html = try text(try page(of: "gneiss/P1"))
        // P1 is the fifth key: K-Means returns keys 1 to 3, Pairwise 2 to 9 without P1 itself.
        let framed = html.matches(of: /<li class="andesite both[^>]*>.*?<b>(.*?)<\/b>/)
            .map { $0.output.1 }
        let common = ["012l6", "&lt;b&gt;&amp;&quot;x"]
        #expect(framed.map(String.init) == common + common)
        #expect(html.contains("2 of 7 look-alikes stand in both panels. They are framed."))
        #expect(html.matches(of: /<li[^>]* data-turn=90>.*?<i>90°<\/i>/).count == 2)
        #expect(html.contains("turned to match"))
    }

    @Test func `With predictions by the same network, training pictures say that it has seen them`()
        throws
    {
        #expect(
            try text(try page(of: "gneiss/P2")).contains(
                "training set, which this network has seen"))
        let folded = try TinyEdition.written(TinyEdition.site(TinyEdition.edition(folds: 5)))
        let html = String(decoding: folded[try page(of: "gneiss/P2")] ?? [], as: UTF8.self)
        #expect(html.contains("training set, predicted by a network that has not seen it"))
    }

    @Test func `Probabilities stand in the order of the plates`() throws {
        let html = try text(try page(of: "gneiss/P1"))
        let bars = try #require(html.firstRange(of: "<dl class=\"bars"))
        let titles = html[bars.upperBound...].matches(
            of: /<dt>([A-Z][a-z ]+)<dd><svg(?: width=[0-9.]+%)? \/>/)
        #expect(titles.map { String($0.output.1) } == ["Gneiss", "Andesite", "Mica schist"])
    }

    @Test func `A photograph shows the original, a small picture is enlarged`() throws {
        let photograph = try text(try page(of: "gneiss/P1"))
        #expect(photograph.contains("class=\"specimen photo\""))
        #expect(photograph.contains("Open the original, 400 × 300\u{202F}px"))
        let small = try text(try page(of: "andesite/012L6"))
        #expect(small.contains("class=specimen>"))
    }

    @Test
    func `The link to the plate names the picture in signs that HTML needs no quotation marks for`()
        throws
    {
        #expect(
            try text(try page(of: TinyEdition.nastyKey))
                .contains("<p><a href=../index.html#at=%3Cb%3E%26%22x>Andesite</a></p>"))
    }

    @Test
    func `The type of the picture stands once around its panels, another type at each target`()
        throws
    {
        let html = try text(try page(of: "gneiss/P1"))
        #expect(html.contains("<div class=\"panels gneiss\">"))
        let items = html.matches(
            of: /<li( class=(?:"[^"]*"|[^ >]+))?[^>]*>\s*<a [^>]*>\s*<img [^>]*alt=("[^"]*"|[^ >]+)/
        )
        #expect(!items.isEmpty)
        for item in items {
            let classes = String(item.output.1 ?? "")
            #expect(classes.contains("gneiss") == false)
            #expect(classes.contains("andesite") == (item.output.2 == "Andesite"))
        }
    }

    @Test func `A corrected label moves the picture to the other plate, not its page`() throws {
        let page = try page(of: "gneiss/was andesite")
        #expect(page.hasPrefix("gneiss/"))
        #expect(
            try text(page).contains(
                "<a href=../../andesite/index.html#at=was%20andesite>Andesite</a></p>"))
        // Its own folder is told, because the order is that of the other plate.
        let name = try #require(page.split(separator: "/").last).dropLast(".html".count)
        #expect(try text("andesite/order.js").hasSuffix(",\"gneiss/\(name)\"];\n"))
    }

    // MARK: Review

    @Test func `Nothing on the review page tells a key, a type or a model`() throws {
        let data = try text(try file(/data\/review\.[0-9a-f]{10}\.js/))
        let main = try #require(try text("review.html").split(separator: "<main").last)
        for word in [
            "kmeans", "k-means", "pairwise", "gneiss", "andesite", "012l6", "P1", "score",
            "distance",
        ] {
            #expect(!data.lowercased().contains(word.lowercased()), "\(word)")
            let beforeFooter = main.split(separator: "</main>")[0]
            #expect(!beforeFooter.lowercased().contains(word.lowercased()), "\(word)")
        }
    }

    @Test func `The trial is complete, without the comparison whose picture has gone`() throws {
        let data = try text(try file(/data\/review\.[0-9a-f]{10}\.js/))
        #expect(
            data.hasPrefix(
                "GEO.review={trial:\"0123456789abcdef\",parts:0,decisive:null,small:false,"
                    + "practice:null\n,comparisons:["))
        #expect(data.matches(of: /id:"/).count == 1)
        #expect(data.contains("board:\"review/1111111111111111.jpg\""))
        // Six squares of 400 pixels, the longest side of the pictures of the trial.
        let board = try Picture(decoding: try #require(files["review/1111111111111111.jpg"]))
        #expect((board.width, board.height) == (2_400, 400))
        let candidate = try #require(data.firstMatch(of: /candidate:"(review\/[0-9a-f]{32}\.jpg)"/))
        let square = try Picture(decoding: try #require(files[String(candidate.output.1)]))
        #expect((square.width, square.height) == (400, 400))
        #expect(files.keys.count { $0.hasPrefix("review/") } == 2)
    }

    @Test func `Without a trial there is no review, not even in the navigation`() throws {
        let files = try TinyEdition.written(TinyEdition.site(TinyEdition.edition(reviewed: false)))
        #expect(!files.keys.contains { $0.contains("review") && !$0.hasPrefix("assets/") })
        for (path, bytes) in files where path.hasSuffix(".html") {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("review.html"), "\(path)")
        }
    }

    // MARK: Models

    @Test func `The models page states the accuracy on test pictures with its interval`() throws {
        let html = try text("models.html")
        // 27 of 30; Wilson 95 % by hand: centre (0.9 + 0.06403) / 1.12805, half 0.10884.
        #expect(
            html.contains(
                "The network conv2l names 90.0\u{202F}% of the 30 pictures it has not learned from as they are labelled."
            ))
        #expect(html.contains("74.4–96.5\u{202F}%"))
        #expect(
            html.contains(
                "Andesite is its weakest point: 20.0\u{202F}% are taken for gneiss."))
        #expect(html.contains("4\u{202F}min 12\u{202F}s"))
        #expect(html.contains("33,606"))
        let likeness = try text("similarity.html")
        #expect(likeness.contains("k = 2, used here"))
        #expect(
            likeness.contains(
                "Two clusters, where the curve of inertia lies furthest below the line"))
        #expect(html.contains("Pictures of the training part were seen by this network"))
    }

    @Test func `Times are left out on request`() throws {
        let files = try TinyEdition.written(
            TinyEdition.site(TinyEdition.edition(), showsTimes: false))
        #expect(
            !String(decoding: files["models.html"] ?? [], as: UTF8.self).contains("Time to train"))
    }
}

@Suite struct EditionTests {
    @Test func `An edition whose parts do not belong together is refused`() {
        let edition = TinyEdition.edition()
        let short = Edition(
            title: "", collection: "", rockTypes: edition.rockTypes, plates: edition.plates,
            images: edition.images, errata: [], shares: edition.shares, corrections: [],
            predictions: Array(edition.predictions.dropLast()), classifier: edition.classifier,
            evidence: edition.evidence, clustering: edition.clustering,
            neighbours: edition.neighbours, panels: [.kmeans, .pairwise], top: 7, rotations: false,
            review: nil)
        #expect(throws: SiteError.uneven(what: "predictions", count: 8, pictures: 9)) {
            _ = try TinyEdition.site(short)
        }
    }

    @Test func `An error of the sink comes through`() throws {
        struct Full: Error {}
        let site = try TinyEdition.site()
        let sink = Sink { path, _, _ in if path.hasPrefix("gneiss/") { throw Full() } }
        #expect(throws: Full.self) {
            try site.pages(workers: Workers(2)).write(to: sink, workers: Workers(2))
        }
    }
}

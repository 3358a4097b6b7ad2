import AtlasModel
import Foundation
import Parallel
import Similarity
import Statistics
import Synchronization
import Templates
import Testing

@testable import Site

/// Pages offer exactly the values that `templates/README.md` lists.
@Suite struct FieldTests {
    /// Path and kind of every field of a kind of page, from `{{?}}` on all pages of that kind, in
    /// editions that together fill every list.
    private static let offered = Result { () throws -> [String: Set<String>] in
        var offered: [String: Set<String>] = [:]
        var folder = ["style.css": ""]
        for page in PageKind.all.map(\.name) {
            folder[page + ".html"] = "PAGE \(page)\n{{?}}"
        }
        let erratum = Erratum(
            path: "a.jpg", .init(.emptyFile, "The file is empty", advice: "Copy it again."))
        try withFolder(folder) { templates in
            let history = [
                EditionChange(
                    number: 2, date: "2026-01-02 03:04", pictures: 9, added: .init(["gneiss/a"]),
                    predicted: .init([.init(key: "gneiss/b", from: "gneiss", to: "")])),
                EditionChange(number: 1, date: "2026-01-01 03:04", pictures: 8),
            ]
            for edition in [
                TinyEdition.edition(
                    errata: [erratum], history: history, metadata: TinyEdition.metadata,
                    scenes: TinyEdition.scenes, checks: TinyEdition.checks), large, grouped,
                TinyEdition.edition().withFoldedGroups, duplicates,
                TinyEdition.edition(isSealed: true),
                TinyEdition.edition().with(map: TinyEdition.map),
            ] {
                let site = try Site(
                    edition: edition,
                    sources: SiteSources(
                        theme: Theme(templates),
                        content: TinyEdition.root.appending(path: "content").path),
                    pictures: TinyEdition.grey, showsTimes: true)
                let rendered = try site.pages(workers: Workers(2))
                let streamed = try rendered.streams.flatMap { stream in
                    try stream.paths.indices.map(stream.make)
                }
                for file in rendered.files + streamed where file.path.hasSuffix(".html") {
                    var lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
                    let page = lines.removeFirst().dropFirst("PAGE ".count)
                    offered[String(page), default: []].formUnion(lines.map(String.init))
                }
            }
        }
        return offered.mapValues { $0.filter { !$0.hasPrefix("assets.") } }
    }

    /// Pictures that belong together, a claim of a random split, and a picture with two labels.
    private static var grouped: Edition {
        let tiny = TinyEdition.edition()
        return tiny.with(
            groups: PictureGroups(pairs: [], first: [0, 0, 2, 3, 4, 5, 5, 7, 8]),
            contradictions: [[1, 4]],
            classifier: tiny.classifier?.with(
                randomClaim: RandomClaim(trained: 4, pictures: [2, 5, 6], predicted: [0, 1, 0])))
    }

    /// Copies that nobody has decided on, and one on which somebody has.
    private static var duplicates: Edition {
        TinyEdition.edition().with(
            groups: PictureGroups(
                pairs: [PicturePair(a: 0, b: 1, kind: .copy, correlation: 1)],
                denied: [PicturePair(a: 1, b: 2, kind: .copy, correlation: 1)],
                first: [0, 0, 2, 3, 4, 5, 6, 7, 8]),
            verdicts: [DuplicateVerdict(1, 2, isDuplicate: false, reason: "no")],
            viewChoice: ViewChoice(
                candidates: [
                    .init(
                        view: "pixels", compared: "pixels",
                        sameType: .init(share: 0.5, low: 0.4, high: 0.6),
                        partners: .init(share: 0.9, low: 0.7, high: 1))
                ], chosen: "pixels", n: 9, queries: 4, chance: 0.3, partnerQueries: 2,
                partnersChance: 0.1))
    }

    /// A plate of several pages, whose pictures are small and square.
    private static var large: Edition {
        let tiny = TinyEdition.edition()
        let keys = (0..<2_000).map { "gneiss/K\($0)" }.sorted(by: AtlasPaths.byBytes)
        let images = keys.map {
            ImageRecord(
                key: $0, label: 1, path: $0, width: 28, height: 28, byteCount: 1, format: .jpeg,
                split: .test, digest: "")
        }
        return Edition(
            title: "", collection: "", rockTypes: tiny.rockTypes, plates: tiny.plates,
            images: images, errata: [], shares: [70, 18, 12], corrections: [],
            predictions: images.map { _ in Prediction(probabilities: [0.2, 0.5, 0.3]) },
            classifier: tiny.classifier, evidence: .none(types: 3),
            clustering: Clustering(
                k: 1, assignments: images.map { _ in 0 }, sizes: [2_000], inertia: [],
                suggested: nil), neighbours: [], panels: [.kmeans, .pairwise], top: 0,
            rotations: false, review: nil)
    }

    /// The same fields from the tables of the README: by heading, with placeholders written in
    /// full.
    private static func documented() throws -> [String: Set<String>] {
        let text = try String(
            contentsOf: TinyEdition.root.appending(path: "templates/README.md"), encoding: .utf8)
        var documented: [String: Set<String>] = [:]
        var page = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("### ") {
                page =
                    line.firstMatch(of: /`(\w+)\.html`/).map { String($0.output.1) } ?? "every page"
            }
            guard let row = line.firstMatch(of: /^\| `([A-Za-z.\[\]]+)` \| ([a-z ]+) \|/),
                !page.isEmpty
            else { continue }
            let (field, kind) = (row.output.1, row.output.2)
            let lines =
                kind == "sign"
                ? ["label", "title", "symbol", "style"].map { "\(field).\($0)  text" }
                : ["\(field)  \(kind)"]
            documented[page, default: []].formUnion(lines)
        }
        return documented
    }

    @Test(arguments: PageKind.all.map(\.name))
    func `The README lists the fields of a page, all of them and no others`(page: String) throws {
        let offered = try #require(try Self.offered.get()[page])
        let documented = try Self.documented()
        let listed = documented[page, default: []].union(documented["every page", default: []])
        #expect(
            offered.subtracting(listed).sorted() == [], "not in the table of \(page).html")
        #expect(
            listed.subtracting(offered).sorted() == [], "in the table of \(page).html only")
    }
}

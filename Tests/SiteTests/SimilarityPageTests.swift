import AtlasModel
import Raster
import Similarity
import Statistics
import Testing

@testable import Site

/// The page about look-alikes, and image pages with more than two models.
@Suite struct SimilarityPageTests {
    /// The tiny edition with all three models.
    private static func edition() -> Edition {
        let tiny = TinyEdition.edition()
        let embedding = Neighbours(
            model: .embedding,
            matches: tiny.images.indices.map {
                [Match(target: ($0 + 1) % tiny.images.count, distance: 0.2, rotation: 180)]
            })
        return Edition(
            title: tiny.title, collection: tiny.collection, rockTypes: tiny.rockTypes,
            plates: tiny.plates, images: tiny.images, errata: [], shares: tiny.shares,
            corrections: [], predictions: tiny.predictions, classifier: tiny.classifier,
            evidence: tiny.evidence, clustering: tiny.clustering,
            neighbours: tiny.neighbours + [embedding], panels: [.embedding, .pairwise, .kmeans],
            likenessTimes: tiny.likenessTimes
                + [LikenessTime(model: .embedding, fit: nil, answers: nil)], top: 7,
            rotations: true, review: nil,
            groups: PictureGroups(
                pairs: [
                    PicturePair(a: 0, b: 1, kind: .ground, down: 6, correlation: 0.99),
                    PicturePair(a: 2, b: 4, kind: .ground, down: 6, correlation: 0.99),
                ], first: tiny.images.indices.map { $0 == 1 ? 0 : $0 == 4 ? 2 : $0 }))
    }

    private static let outcome = Result { try TinyEdition.written(TinyEdition.site(edition())) }

    private let files: [String: [UInt8]]
    private let page: String

    init() throws {
        files = try Self.outcome.get()
        page = String(decoding: try #require(files["similarity.html"]), as: UTF8.self)
    }

    private func spaced(_ text: String) -> String { text.replacing("·", with: "\u{202F}") }

    private func cells(_ head: String, behind place: String) throws -> [String] {
        let part = try #require(page.split(separator: place).last)
        let row = try #require(
            part.split(separator: "<tr>").dropFirst().first {
                $0.split(separator: "</th>")[0].contains(head)
            })
        return row.matches(of: /<td[^>]*>(.*?)<\/td>/).map {
            String($0.output.1).replacing(/<[^>]*>/, with: "")
        }
    }

    @Test func `The figures of the map are told where there is one`() throws {
        #expect(!page.contains("href=\"map.html\">map</a> keeps"))
        let edition = TinyEdition.edition().with(map: TinyEdition.map)
        let files = try TinyEdition.written(TinyEdition.site(edition))
        let page = String(decoding: try #require(files["similarity.html"]), as: UTF8.self)
        let rows = page.matches(
            of:
                /<th scope="row">(True positions|Grid)<\/th><td class="num">(.*?)<\/td><td class="num">(.*?)<\/td>/
        )
        #expect(
            rows.map { [$0.output.1, $0.output.2, $0.output.3].map(String.init) } == [
                ["True positions", spaced("50.0·%"), "0.960"], ["Grid", spaced("37.5·%"), "–"],
            ])
        #expect(page.contains("if the four nearest on the map are the nearest by the model"))
        #expect(page.contains("it is measured on all pictures"))
    }

    @Test func `Pictures of the same ground that a model finds are counted, chance beside`() throws
    {
        // The embedding's only target of a picture is the next one: 0 finds 1, and 1, 2, 4 find none.
        let found = try cells("Pairwise on the embedding", behind: "Do they find the same ground")
        #expect(found.first?.hasPrefix(spaced("25.0·%")) == true)
        // Each of the four has one partner, and 7 targets are drawn from all other pictures.
        let others = Double(TinyEdition.images.count - 1)
        #expect(found.last == Figures.share(min(7, others) / others))
    }

    @Test func `Look-alikes of the same type are counted by model and type`() throws {
        // Counted again from the lists. A target without a label, or of the same group, is not counted.
        let labels = TinyEdition.images.map(\.label)
        let edition = Self.edition()
        for (column, model) in edition.panels.enumerated() {
            let table = try #require(edition.neighbours.first { $0.model == model })
            var (hits, total) = (0, 0)
            for query in TinyEdition.judged {
                for match in table.matches[query] {
                    guard let label = labels[match.target],
                        edition.groups.first[match.target] != edition.groups.first[query]
                    else { continue }
                    total += 1
                    if label == labels[query] { hits += 1 }
                }
            }
            let shown = try cells("All types", behind: "The same as a table")[column]
            let share =
                hits == total
                ? "100" : Figures.decimal(100 * Double(hits) / Double(total), places: 1)
            #expect(shown.hasPrefix("\(share)\u{202F}% ("), "\(model): \(shown)")
        }
        let label = "Pairwise on the embedding: of 7 look-alikes"
        #expect(page.contains("role=\"img\" aria-label=\"\(label)"))
        // Chance, as the table beside says it, in the text and in the description of a chart of each model.
        let chance = try cells("All types", behind: "The same as a table")[edition.panels.count]
        #expect(page.contains("By chance \(chance) would share the type."))
        #expect(page.matches(of: try Regex(" share its type, \(chance) by chance;")).count == 6)
    }

    @Test func `Agreement is told for every two models`() throws {
        let titles = "Pairwise on the embedding and Pairwise"
        #expect(try cells(titles, behind: "How far the models agree").count == 4)
        // K-Means returns the first three others, Pairwise the last seven of eight.
        let pair = try #require(
            LikenessFigures(Self.edition()).agreements.first {
                $0.models == [.pairwise, .kmeans]
            })
        let expected = TinyEdition.images.indices.map { own -> Double in
            let others = TinyEdition.images.indices.filter { $0 != own }
            return Double(Set(others.prefix(3)).intersection(others.suffix(7)).count) / 7
        }
        #expect(abs(pair.overlap - expected.reduce(0, +) / Double(expected.count)) < 1e-12)
        #expect(pair.identical == 0)
    }

    @Test func `The elbow stands as a chart and as a table, the chosen k marked`() throws {
        #expect(
            page.contains("Elbow chart: inertia falls from 2.52 million with one cluster to 1.10"))
        let rows = try cells("<b>2</b>, used here", behind: "The curve as a table")
        #expect(rows == ["1,100,000", spaced("43.7·%")])
    }

    @Test func `Every cluster has its mean picture and its types`() throws {
        let sources = page.matches(of: /<img src="(sprites\/cluster-\d\.[0-9a-f]{10}\.png)"/).map {
            String($0.output.1)
        }
        #expect(sources.count == 2)
        for (source, grey) in zip(sources, [UInt8(40), 200]) {
            let picture = try Picture(decoding: try #require(files[source]))
            #expect((picture.width, picture.height) == (28, 28))
            #expect(picture.pixels == [UInt8](repeating: grey, count: 2352))
        }
        let first = try cells("Cluster 1", behind: "Which types they hold")
        #expect(first.last == "5")
        let members = TinyEdition.images.indices.filter { $0 % 2 == 0 }
        #expect(
            first.dropLast()
                == TinyEdition.edition().plates.map { type in
                    "\(members.count { TinyEdition.images[$0].label == type })"
                }[...])
    }

    @Test func `Times are told as far as they are known, and left out when they are not wanted`()
        throws
    {
        #expect(
            try cells("K-Means", behind: "Running times")
                == ["2.0·s", "0.9·s", "100.00·ms"].map(spaced))
        #expect(
            try cells("Pairwise", behind: "Running times")
                == ["nothing to fit", spaced("0.9·s"), spaced("100.00·ms")])
        #expect(try cells("Pairwise on the embedding", behind: "Running times") == ["–", "–", "–"])
        let site = try TinyEdition.site(Self.edition(), showsTimes: false)
        let timeless = try TinyEdition.written(site)["similarity.html"]
        #expect(
            !String(decoding: try #require(timeless), as: UTF8.self).contains("Running times"))
    }

    @Test func `A picture's page shows two models side by side and the third folded`() throws {
        let index = try #require(TinyEdition.images.firstIndex { $0.key == "gneiss/P1" })
        let paths = AtlasPaths(
            keys: TinyEdition.images.map(\.key), labels: TinyEdition.types.map(\.label))
        let html = String(
            decoding: try #require(files[paths.places[index].page]), as: UTF8.self)
        let names = html.matches(of: /<h2 id=(\w+)>/).map { String($0.output.1) }
        #expect(names.prefix(3) == ["embedding", "pairwise", "kmeans"])
        let folded = try #require(html.split(separator: "<details class=\"folded\">").last)
        #expect(folded.hasPrefix("<summary>K-Means, a third model</summary>"))
        // P1 is the fifth key, so the embedding returns the sixth key, which Pairwise returns too.
        #expect(html.contains("1 of 7 look-alikes stands in both panels. It is framed."))
        #expect(!folded.contains("class=\"both\""))
        #expect(html.contains("Nearest as the network conv2l sees them, turned to match"))
        #expect(html.contains("180°"))
    }

    @Test func `The models page and the colophon name the models that are shown`() throws {
        let models = String(decoding: try #require(files["models.html"]), as: UTF8.self)
        #expect(models.contains("<a href=\"similarity.html\">"))
        #expect(
            models.contains("Pairwise on the embedding, Pairwise and K-Means look for pictures"))
        #expect(
            page.contains(
                "likeness by pairwise comparison (network), pairwise correlation and K-Means"))
    }
}

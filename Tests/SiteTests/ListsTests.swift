import AtlasModel
import Foundation
import Testing

@testable import Site

@Suite struct ListsTests {
    private func written(_ edition: Edition = TinyEdition.edition()) throws -> [String: String] {
        try TinyEdition.written(TinyEdition.site(edition))
            .mapValues { String(decoding: $0, as: UTF8.self) }
    }

    private func pictures(_ files: [String: String]) throws -> [[String: Any]] {
        let text = try #require(files["atlas.json"])
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(json?["pictures"] as? [[String: Any]])
    }

    @Test func `Every picture is once in the list of all and once in that of its plate`() throws {
        let files = try written()
        func keys(_ path: String) throws -> [String] {
            try #require(files[path]).split(separator: "\n").dropFirst()
                .compactMap { $0.split(separator: ",").first.map(String.init) }
        }
        let all = try keys("pictures.csv")
        #expect(all.count == TinyEdition.images.count)
        let plates = try files.keys.filter { $0.hasSuffix("/pictures.csv") }.sorted().map(keys)
        #expect(plates.joined().sorted() == all.sorted())
        #expect(plates.count > 2)
    }

    @Test func `Programs get predictions, clusters and look-alikes of each picture`() throws {
        let pictures = try pictures(try written())
        #expect(pictures.map { $0["key"] as? String } == TinyEdition.images.map(\.key))
        let first = pictures[0]
        #expect(first["predicted"] as? Int == 0)
        #expect(first["cluster"] as? Int == 1)
        // By K-Means the next three pictures are alike, the second of them turned.
        let alike = try #require((first["alike"] as? [String: [[Double]]])?["kmeans"])
        #expect(alike.map { $0[0] } == [1, 2, 3])
        #expect(alike.map { $0[2] } == [0, 90, 0])
        #expect(abs(alike[1][1] - 0.15) < 1e-12)
    }

    @Test func `Lists do not tell clusters and look-alikes of the candidates of a sealed trial`()
        throws
    {
        let files = try written(TinyEdition.edition(isSealed: true))
        let candidates = Set(TinyEdition.plan.comparisons.map(\.candidate))
        for picture in try pictures(files) {
            let isAsked = candidates.contains(picture["key"] as? String ?? "")
            #expect((picture["cluster"] == nil) == isAsked)
            #expect((picture["alike"] == nil) == isAsked)
        }
        // Key, page, picture, width, height, label, set, predicted, probability, disputed, cluster.
        for row in try #require(files["pictures.csv"]).split(separator: "\n").dropFirst() {
            let isAsked = row.hasPrefix("\"andesite/<b>")
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            #expect(cells[10].isEmpty == isAsked)
        }
    }

    @Test func `The page of lists names every file with its number of lines`() throws {
        let files = try written(TinyEdition.edition(checks: TinyEdition.checks))
        let page = try #require(files["lists.html"])
        for path in ["atlas.json", "croissant.json", "pictures.csv", "disputed.csv", "checks.csv"] {
            #expect(files[path] != nil)
            #expect(page.contains("<a href=\"\(path)\" download>"))
        }
        let lines = try #require(files["pictures.csv"]).split(separator: "\n").count - 1
        let told = try #require(page.firstMatch(of: /All pictures<\/td>\s*<td class="?num"?>(\d+)/))
        #expect(Int(told.output.1) == lines)
    }
}

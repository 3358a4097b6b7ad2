import AtlasModel
import Foundation
import Testing

@testable import Site

@Suite struct DuplicatesPageTests {
    /// 0, 1 and 2 are copies, 4 and 5 were found to be, and 6 and 7 show the same ground.
    private var edition: Edition {
        TinyEdition.edition().with(
            groups: PictureGroups(
                pairs: [
                    PicturePair(a: 0, b: 1, kind: .copy, correlation: 0.98765),
                    PicturePair(a: 0, b: 2, kind: .identical, correlation: 1),
                    PicturePair(a: 6, b: 7, kind: .ground, right: 3, correlation: 0.99),
                ], denied: [PicturePair(a: 4, b: 5, kind: .copy, correlation: 0.95)],
                first: [0, 0, 0, 3, 4, 5, 6, 6, 8]),
            verdicts: [
                DuplicateVerdict(0, 2, isDuplicate: true, reason: "same, file"),
                DuplicateVerdict(3, 8, isDuplicate: false),
                DuplicateVerdict(4, 5, isDuplicate: false, reason: "two beds"),
            ])
    }

    private func written(_ edition: Edition) throws -> [String: String] {
        try TinyEdition.written(TinyEdition.site(edition)).filter {
            $0.key.hasPrefix("duplicates")
        }.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `Sets are told with their pairs and verdicts, open ones first`() throws {
        let page = try #require(try written(edition)["duplicates.html"])
        #expect(
            page.contains("2 sets of duplicates, of 5 pictures. 1 is not decided yet."))
        let sets = page.split(separator: "<section class=\"block\">").dropFirst()
        #expect(sets.count == 2)
        #expect(sets.first?.contains("3 pictures") == true)
        #expect(sets.first?.contains("1 open pair") == true)
        #expect(sets.first?.contains("a copy, correlation 0.988") == true)
        // A line for each verdict on the pair that is open.
        let lines = sets.first?.matches(of: /data-copy="([^"]+)"/).map(\.output.1) ?? []
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix(",andesite/012l6,duplicate,") == true)
        #expect(lines.last?.hasSuffix(",andesite/012l6,not a duplicate,") == true)
        #expect(sets.last?.contains("<b>not a duplicate</b>") == true)
        #expect(sets.last?.contains("two beds") == true)
        #expect(sets.last?.contains("data-copy") == false)
    }

    @Test func `The table has all pairs and all verdicts, in the form in which they are read`()
        throws
    {
        let table = try #require(try written(edition)["duplicates.csv"])
        let keys = edition.images.map { "\($0.key)" }
        func quoted(_ key: String) -> String {
            key.contains("\"") ? "\"\(key.replacing("\"", with: "\"\""))\"" : key
        }
        #expect(
            table == """
                a,b,verdict,reason,kind,correlation
                \(quoted(keys[0])),\(quoted(keys[1])),,,copy,0.9877
                \(quoted(keys[0])),\(quoted(keys[2])),duplicate,"same, file",identical,1.0000
                \(keys[4]),\(keys[5]),not a duplicate,two beds,copy,0.9500
                \(quoted(keys[3])),\(keys[8]),not a duplicate,,,

                """)
    }

    @Test func `An edition without duplicates and verdicts has no such page`() throws {
        #expect(try written(TinyEdition.edition()).isEmpty)
    }

    @Test func `A pair that other pairs still connect says so`() throws {
        let tiny = TinyEdition.edition().with(
            groups: PictureGroups(
                pairs: [
                    PicturePair(a: 0, b: 1, kind: .copy, correlation: 1),
                    PicturePair(a: 1, b: 2, kind: .copy, correlation: 1),
                ], denied: [PicturePair(a: 0, b: 2, kind: .copy, correlation: 1)],
                first: [0, 0, 0, 3, 4, 5, 6, 7, 8]),
            verdicts: [DuplicateVerdict(0, 2, isDuplicate: false)])
        let page = try #require(try written(tiny)["duplicates.html"])
        #expect(page.contains("still one group, because other pairs connect them"))
    }
}

import AtlasModel
import Testing

@testable import Site

@Suite struct CheckListTests {
    private func written(_ checks: PictureChecks) throws -> [String: String] {
        let site = try TinyEdition.site(TinyEdition.edition(checks: checks))
        return try TinyEdition.written(site).mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `Odd pictures are listed with their measures, and counted on the errata page`()
        throws
    {
        let files = try written(TinyEdition.checks)
        let rows = try #require(files["checks.csv"]).split(whereSeparator: \.isNewline)
        #expect(rows.count == 3)
        #expect(rows[1].contains("\"dark, blurred\",28,28,0.1000,0.3000,7.0000,20.0000,4.0000"))
        #expect(rows[2].hasPrefix("unlabelled/u1,") && rows[2].contains(",odd size,"))
        let errata = try #require(files["errata.html"])
        #expect(errata.contains("<span>2</span>Odd pictures"))
        #expect(errata.contains("Dark: 1 picture") && !errata.contains("Flat"))
    }

    @Test func `The filters of a plate offer what is odd`() throws {
        let files = try written(TinyEdition.checks)
        let facts = files.filter { $0.key.contains("andesite-facts") }.values
        #expect(facts.count == 1)
        #expect(facts.first?.contains("\"Image check\",0,[\"\",\"dark, blurred\"]") == true)
    }

    @Test func `Without odd pictures there is no table and no filter`() throws {
        let files = try written(.none)
        #expect(files["checks.csv"] == nil)
        #expect(!files.keys.contains { $0.contains("-facts") })
    }
}

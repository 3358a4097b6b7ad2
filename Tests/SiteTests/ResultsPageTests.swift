import AtlasModel
import Foundation
import Statistics
import Testing

@testable import Site

@Suite struct ResultsPageTests {
    private func page(_ edition: Edition = TinyEdition.edition()) throws -> String? {
        try TinyEdition.written(TinyEdition.site(edition))["results.html"].map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `The heading says what may be concluded, and about how many votes are missing`()
        throws
    {
        let page = try #require(try page())
        #expect(
            page.contains(
                "<h1 class=\"statement\">Too early to decide between Pairwise and K-Means: Pairwise was "
                    + "preferred in 67 % of 12 decided comparisons. 85 decided votes are missing to the number "
                    + "that was fixed before the trial. About 93 more decided votes would show a difference of "
                    + "this size.</h1>"))
        #expect(page.contains("For 3 of 9 pictures both models find the same"))
        #expect(page.contains("Earlier trials"))
    }

    @Test func `Chart and table show each type, filled where its interval is on one side`() throws {
        let page = try #require(try page())
        // 8 of 8 and 0 of 4: Wilson's intervals are 67.6 to 100 and 0 to 49.0.
        #expect(page.contains("<td class=\"num\">67.6–100</td><td class=\"num\">Pairwise</td>"))
        #expect(page.contains("<td class=\"num\">0–49.0</td><td class=\"num\">K-Means</td>"))
        #expect(page.contains("<td class=\"num\">31.0–90.0</td><td class=\"num\">Open</td>"))
        let wide = try #require(page.split(separator: "<svg class=\"chart\"").dropFirst().first)
        #expect(wide.matches(of: /<circle class="sol"/).count == 2)
        #expect(wide.matches(of: /<rect class="dot"/).count == 1)
    }

    @Test func `Names and remarks are escaped`() throws {
        let page = try #require(try page())
        #expect(page.contains("Ada &lt;A&gt;") && page.contains("<li>Left &amp; right</li>"))
    }

    @Test func `Without a closed trial there is no such page`() throws {
        #expect(try page(TinyEdition.edition(reviewed: false)) == nil)
    }
}

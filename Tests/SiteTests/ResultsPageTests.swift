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

    @Test func `Before the fixed number is reached, table and marks conclude nothing`() throws {
        let page = try #require(try page())
        #expect(page.components(separatedBy: "<td class=\"num\">Open</td>").count == 4)
        let chart = try #require(page.split(separator: "<svg class=\"chart\"").dropFirst().first)
        #expect(!chart.contains("class=\"sol\""))
        #expect(page.contains("no mark is filled, because votes are missing"))
    }

    @Test func `Chart and table show each type, filled where its interval is on one side`() throws {
        let page = try #require(
            try page(TinyEdition.edition(closed: [TinyEdition.closedTrial(1, decisive: 12)])))
        // 0 of 4 votes: Wilson's interval would end below one half, the one that is given does not.
        #expect(page.contains("<td class=\"num\">61.0–100</td><td class=\"num\">Pairwise</td>"))
        #expect(page.contains("<td class=\"num\">0–55.0</td><td class=\"num\">Open</td>"))
        #expect(page.contains("the exact sign test p = 0.388."))
        #expect(page.contains("<td class=\"num\">31.0–90.0</td><td class=\"num\">Open</td>"))
        let wide = try #require(page.split(separator: "<svg class=\"chart\"").dropFirst().first)
        #expect(wide.matches(of: /<circle class="sol"/).count == 1)
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

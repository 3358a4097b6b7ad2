import AtlasModel
import Testing

@testable import Site

/// What the page of a picture tells of the others of its group.
@Suite struct ImagePageGroupTests {
    private func page(_ edition: Edition, _ index: Int) throws -> String {
        String(
            decoding: try TinyEdition.site(edition).pages.imagePage(index).bytes, as: UTF8.self)
    }

    /// The line and its list; `nil` without.
    private func groupLine(_ page: String) -> Substring? {
        page.firstMatch(of: /(?s)<details class="group [a-z]+">.*?<\/details>/)?.output
    }

    @Test func `Copies and the same ground are told in one line, and stand in no panel`() throws {
        let page = try page(TinyEdition.edition().withFoldedGroups, 2)
        let line = try #require(groupLine(page))
        #expect(
            line.contains(
                "<summary>And 1 copy and 1 picture of the same ground</summary>"))
        let links = line.matches(of: /<a href=([^ >]+)/).map { String($0.output.1) }
        // The copy comes first.
        #expect(links == [3, 1].map { TinyEdition.link(from: 2, to: $0) })
        let panels = page.matches(of: /(?s)<ol class=targets.*?<\/ol>/).map(\.output)
        #expect(panels.count == 2)
        for link in links {
            for panel in panels { #expect(!panel.contains("href=\(link)")) }
        }
    }

    @Test func `The shift is that of the other picture over this one, in words and numbers`() throws
    {
        let edition = TinyEdition.edition().withFoldedGroups
        let (first, second) = (
            try #require(groupLine(page(edition, 1))), try #require(groupLine(page(edition, 2)))
        )
        // Picture 2 lies 3 pixels below picture 1, and 5 to its left.
        #expect(first.contains("data-shift=-5,3>"))
        #expect(first.contains("<small>3\u{202F}px down, 5\u{202F}px left</small>"))
        #expect(second.contains("data-shift=5,-3>"))
        #expect(second.contains("<small>3\u{202F}px up, 5\u{202F}px right</small>"))
        // 4 of 28 pixels of a photograph.
        #expect(try #require(groupLine(page(edition, 4))).contains("<small>14\u{202F}% up</small>"))
        // A picture of the group that does not overlap has a place, but no shift.
        #expect(first.matches(of: /<small>/).count == 1)
        #expect(first.contains("And 2 pictures of the same ground"))
    }

    @Test func `Where groups are shown, targets of the same ground tell their shift in the panel`()
        throws
    {
        let folded = TinyEdition.edition().withFoldedGroups
        let shown = TinyEdition.edition().with(groups: folded.groups)
        let page = try page(shown, 1)
        #expect(groupLine(page) == nil)
        let panel = try #require(page.firstMatch(of: /(?s)<ol class=targets.*?<\/ol>/)?.output)
        #expect(panel.contains("href=\(TinyEdition.link(from: 1, to: 2)) data-shift=-5,3>"))
        #expect(panel.contains("<small>3\u{202F}px down, 5\u{202F}px left</small>"))
    }

    @Test func `The page of a sealed candidate does not tell its group`() throws {
        let sealed = TinyEdition.edition(isSealed: true)
        let candidate = try #require(
            sealed.images.firstIndex { $0.key == TinyEdition.nastyKey })
        let other = candidate + 1
        let groups = PictureGroups(
            pairs: [PicturePair(a: candidate, b: other, kind: .copy, correlation: 1)],
            first: sealed.images.indices.map { $0 == other ? candidate : $0 })
        let edition = sealed.with(groups: groups, folded: sealed.neighbours)
        #expect(try groupLine(page(edition, other)) != nil)
        #expect(try groupLine(page(edition, candidate)) == nil)
    }

    @Test func `Of a large group the nearest are shown, and the others counted`() throws {
        let tiny = TinyEdition.edition()
        let edition = tiny.with(
            groups: PictureGroups(
                pairs: (1..<9).map { PicturePair(a: 0, b: $0, kind: .copy, correlation: 1) },
                first: [Int](repeating: 0, count: 9)), folded: tiny.neighbours)
        let line = try #require(groupLine(page(edition, 0)))
        #expect(line.contains("And 8 copies"))
        #expect(line.matches(of: /<a href/).count == 6)
        #expect(line.contains("<li>and 2 more"))
    }
}

extension TinyEdition {
    /// The link from the page of one picture to that of another.
    fileprivate static func link(from index: Int, to other: Int) -> String {
        let paths = AtlasPaths(keys: images.map(\.key), labels: types.map(\.label) + ["unlabelled"])
        return paths.places[index].link(to: paths.places[other], "html")
    }
}

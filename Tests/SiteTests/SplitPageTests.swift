import AtlasModel
import Statistics
import Testing

@testable import Site

/// What the pages about networks and labels say of pictures that belong together.
@Suite struct SplitPageTests {
    private func spaced(_ text: String) -> String { text.replacing("·", with: "\u{202F}") }

    /// Pictures 0 and 1 belong together, and so do 5 and 6.
    private let groups = PictureGroups(pairs: [], first: [0, 0, 2, 3, 4, 5, 5, 7, 8])

    private func sentences(_ edition: Edition) throws -> String {
        try SplitText(edition, #require(edition.classifier)).sentences.joined(separator: " ")
    }

    private func page(_ path: String, of edition: Edition) throws -> String {
        String(
            decoding: try #require(TinyEdition.written(TinyEdition.site(edition))[path]),
            as: UTF8.self)
    }

    @Test func `Groups are explained and counted where there are some`() throws {
        let tiny = TinyEdition.edition()
        // Wilson's interval of 27 of 30.
        #expect(
            try sentences(tiny)
                == spaced(
                    "The 95 % interval of the share is 74.4–96.5·%; it counts 30 groups, not pictures."
                ))
        #expect(
            try sentences(tiny.with(groups: groups)).contains("4 pictures are in 2 groups of two"))
        let models = try ModelsText(
            Layout(tiny.with(groups: groups), pictures: TinyEdition.grey),
            #require(tiny.classifier))
        #expect(models.statement.contains("30 pictures from groups it has not learned from as"))
    }

    @Test func `Test pictures whose group was seen are counted, with the share if they counted`()
        throws
    {
        let tiny = TinyEdition.edition()
        // Test pictures with a label: 0 (right), 4 and 7; 4 is a gneiss predicted as mica schist.
        #expect(
            try sentences(tiny.with(classifier: tiny.classifier?.with(seenInTest: 2))).contains(
                spaced(
                    "2 pictures of the test part were left out, because the network has learned from "
                        + "them or from others of their groups; with them the share would be 66.7·%."
                )))
    }

    @Test func `What a random split would have claimed stands beside the same pictures by groups`()
        throws
    {
        let tiny = TinyEdition.edition()
        // Of the training pictures 2, 5 and 6 only the last is predicted as labelled; the network of the
        // random split is right for all of them.
        let claim = RandomClaim(trained: 4, pictures: [2, 5, 6], predicted: [0, 1, 0])
        let edition = tiny.with(
            groups: groups, classifier: tiny.classifier?.with(randomClaim: claim))
        let rows = ClaimRow.rows(edition, claim)
        #expect(rows.map(\.name) == ["All", "In groups", "Alone"])
        #expect(rows.map(\.byGroups.count) == [1, 1, 0])
        #expect(rows.map(\.atRandom.count) == [3, 2, 1])
        #expect(rows.map(\.byGroups.clusters) == [2, 1, 1])
        // By hand: the sums of differences are 1 of 2 and 1 of 1, so the error of their mean 2/3 is
        // √(2 · 2/9) / 3.
        #expect(rows.map(\.difference) == ["+66.7 (+23.1 to +110.2)", "+50.0", "+100.0"])
        let html = try page("models.html", of: edition)
        #expect(html.contains("What a random split would have claimed"))
        #expect(html.contains("trained on 4 pictures of the training part"))
        #expect(html.contains("+66.7 (+23.1 to +110.2)"))
        #expect(
            try !page("models.html", of: tiny).contains("What a random split would have claimed"))
    }

    @Test func `One picture under several labels comes first, with the lines that settle it`()
        throws
    {
        let tiny = TinyEdition.edition()
        let edition = tiny.with(contradictions: [[1, 4, 7]])
        let html = try page("disputed.html", of: edition)
        let twice = try #require(html.firstRange(of: "One picture, several labels"))
        let strongest = try #require(html.firstRange(of: "Strongest first"))
        #expect(twice.lowerBound < strongest.lowerBound)
        #expect(
            html.contains(
                "<code>gneiss/P1,andesite,the same picture as andesite/012l6\n"
                    + "mica schist/s~2,andesite,the same picture as andesite/012l6</code>"))
        #expect(html.contains("1 picture stands under several labels."))
        #expect(try sentences(edition).contains("1 picture (3 files) stands under several labels"))
        let models = try page("models.html", of: edition)
        // Of five andesites one is left out.
        let parts = models.split(separator: "What it was trained and judged on")[1]
        #expect(parts.contains("Andesite</span>"))
    }

    @Test func `A list of several labels that is cut says so`() throws {
        let tiny = TinyEdition.edition()
        let many = tiny.with(contradictions: [[Int]](repeating: [0, 4], count: 201))
        #expect(try page("disputed.html", of: many).contains("The first 200 of 201 are shown"))
    }

    @Test func `The navigation leads to disputed labels if only several labels are there`() throws {
        let tiny = TinyEdition.edition()
        let edition = Edition(
            title: tiny.title, collection: tiny.collection, rockTypes: tiny.rockTypes,
            plates: tiny.plates, images: tiny.images, errata: [], shares: tiny.shares,
            corrections: [], predictions: tiny.predictions, classifier: tiny.classifier,
            evidence: .none(types: 3), clustering: tiny.clustering, neighbours: tiny.neighbours,
            panels: tiny.panels, top: 7, rotations: true, review: nil, contradictions: [[0, 4]])
        #expect(
            try page("index.html", of: edition).contains("<li><a href=disputed.html>Disputed</a>"))
    }
}

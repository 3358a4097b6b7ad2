import AtlasModel
import Similarity
import Testing

@testable import Site

/// The pages about the network and about disputed labels.
@Suite struct ModelsPageTests {
    private static let outcome = Result { try TinyEdition.written(TinyEdition.site()) }

    private let models: String
    private let disputed: String
    private let front: String

    init() throws {
        let files = try Self.outcome.get()
        func text(_ path: String) throws -> String {
            String(decoding: try #require(files[path]), as: UTF8.self)
        }
        models = try text("models.html")
        disputed = try text("disputed.html")
        front = try text("index.html")
    }

    private func spaced(_ text: String) -> String { text.replacing("·", with: "\u{202F}") }

    /// The text of each cell of the table row that begins with `head`.
    private func cells(_ head: String, in html: String) throws -> [String] {
        let row = try #require(
            html.split(separator: "<tr>").first { $0.split(separator: "</th>")[0].contains(head) })
        return row.matches(of: /<td[^>]*>(.*?)<\/td>/).map {
            String($0.output.1).replacing(/<[^>]*>/, with: "")
        }
    }

    @Test func `Precision, recall and F1 stand with their intervals`() throws {
        // Andesite: 8 correct, 9 predicted as andesite, 10 labelled andesite, 11 either. Wilson's intervals of 8/9,
        // 8/10 and 8/11 by SciPy's binomtest; F1 = 2J/(1 + J) of the ends of the last.
        #expect(
            try cells("Andesite", in: String(models.split(separator: "By rock type")[1]))
                == ["88.9·% (56.5–98.0)", "80.0·% (49.0–94.3)", "84.2·% (60.6–94.9)", "10"].map(
                    spaced))
    }

    @Test func `Networks are compared in one table, unknown figures as dashes`() throws {
        #expect(
            try cells("other &lt;net&gt;", in: models)
                // Wilson's interval of 15/20 by SciPy's binomtest.
                == ["75.0·%", "53.1–88.8·%", "20", "44,230", "–", "–"].map(spaced))
        #expect(models.contains("<b>conv2l</b>, used in this atlas"))
    }

    @Test func `The most confident mistake comes first and leads to its page`() throws {
        let list = try #require(models.firstRange(of: "<ol class=\"mistakes\">"))
        let entries = models[list.upperBound...].split(separator: "</ol>")[0]
            .split(separator: "</li>").filter { $0.contains("<li>") }
        #expect(entries.count == 1)
        #expect(entries[0].contains("Label Gneiss"))
        #expect(entries[0].contains("predicted Mica schist"))
        #expect(entries[0].contains(spaced("96.0·%")))
        #expect(entries[0].contains(/href="gneiss\/..\/p1\.html"/))
    }

    @Test func `Learning curves say what they show, and ring the epoch kept`() {
        #expect(
            models.contains(
                "Training loss goes from 1.500 to 0.250, dev loss goes from 1.250 to 0.625 in three "
                    + "epochs; epoch 2, with a dev loss of 0.500, is kept."))
        #expect(models.matches(of: /kept: epoch 2/).count == 4)
        #expect(models.contains("<circle class=\"mark\""))
    }

    /// The sentences of an edition whose picture 0 has one target, in the training set or not.
    private func basis(_ match: Match, judged: Int = 3) throws -> String {
        let tiny = TinyEdition.edition()
        var matches = tiny.neighbours[1].matches.map { _ in [Match]() }
        for index in [0, 4, 7].prefix(judged == 3 ? 1 : 3) { matches[index] = [match] }
        // The near copy of picture 4 is in the test set.
        if judged == 3 { matches[4] = [Match(target: 7, distance: 0.001, rotation: 0)] }
        let edition = tiny.with(
            neighbours: [Neighbours(model: .pairwise, matches: matches)],
            panels: [.kmeans, .pairwise])
        let classifier = try #require(edition.classifier)
        return try ModelsText(Layout(edition, pictures: Self.even), classifier).basis(Self.even)
    }

    /// Picture 1 differs from picture 0 by 6 of 255 in the mean, picture 2 by 7.
    private static let even = PictureSource(
        vector: { index in (0..<ModelVectors.length).map { UInt8($0 % 7 + [0, 6, 7][index % 3]) } },
        file: { _ in [] })

    @Test(arguments: [
        Match(target: 1, distance: 0.009, rotation: 0),
        Match(target: 1, distance: 0.029, rotation: 0),
        Match(target: 2, distance: 0.009, rotation: 90),
    ]) func `Near copies in the training part are told, and the share without them`(match: Match)
        throws
    {
        // Picture 0 is predicted correctly; pictures 4 and 7 are judged too, one of them correctly.
        #expect(
            try basis(match).hasSuffix(
                spaced(
                    "1 test picture is nearly the same as a picture of the training part; without it "
                        + "the share is 50.0·%.")))
    }

    @Test(arguments: [
        Match(target: 1, distance: 0.031, rotation: 0),
        Match(target: 2, distance: 0.029, rotation: 0),
        Match(target: 1, distance: 0.029, rotation: 90),
        Match(target: 4, distance: 0.001, rotation: 0),
    ]) func `Pictures that differ more are no near copies`(match: Match) throws {
        #expect(try !basis(match).contains("nearly the same"))
    }

    @Test func `If all test pictures are near copies, the share says nothing`() throws {
        #expect(
            try basis(Match(target: 1, distance: 0.001, rotation: 0), judged: 0).hasSuffix(
                "3 test pictures are nearly the same as a picture of the training part, so the share "
                    + "says nothing about other pictures. Leave copies of pictures out."))
    }

    @Test func `Calibration is told before and after`() {
        // 60 % and correct, 96 % and correct, 96 % and wrong; the last two are in the same range:
        // |1 − 0.6| / 3 + 2/3 · |0.5 − 0.96| = 0.44.
        #expect(models.contains(spaced("is 44.0·% before and 44.0·% after")))
        #expect(models.contains("a temperature of 1.25"))
        #expect(models.contains("2 pictures only"))
    }

    @Test func `The model card tells data, recipe, seed, threads and versions`() throws {
        for (name, text) in [
            ("Recipe", "slowly &amp; well"), ("Seed", "7"), ("Threads", "2"),
            ("Epochs", "3, of which epoch 2 was kept"), ("Made with", "GeoAtlas 9.8.7"),
            ("Temperature", "1.250, fitted on the dev part"),
        ] { #expect(models.contains("<dt>\(name)</dt><dd>\(text)</dd>"), "\(name)") }
        #expect(models.contains("70 : 18 : 12"))
        let table = String(models.split(separator: "What it was trained and judged on")[1])
        #expect(try cells("Andesite", in: table) == ["3", "1", "1", "5"])
        #expect(try cells("All types", in: table) == ["4", "1", "3", "8"])
    }

    @Test func `Layers are drawn, and stand in a table`() throws {
        #expect(
            try cells("Convolution 3 × 3", in: models) == ["conv2d_1", "26 × 26 × 32", "896"])
        #expect(models.contains("3 layers, two of them with weights, 17,123 parameters in all."))
    }

    @Test func `A disputed label stands with both types and the line to copy`() throws {
        #expect(disputed.contains("1 of 3 labels is contradicted"))
        #expect(disputed.matches(of: /data-copy/).count == 1)
        #expect(
            disputed.contains(
                "<code>gneiss/P1,mica schist,a network that had not seen it gives 96.0 %</code>"))
        #expect(disputed.contains("alt=\"Typical: Mica schist s~2\""))
        // The only gneiss that was examined is the disputed one.
        #expect(disputed.contains("No typical picture."))
        #expect(disputed.contains("only pictures of the test part were judged"))
    }

    @Test func `Corrected labels are listed`() throws {
        let cells = try cells("gneiss/was andesite", in: disputed)
        #expect(cells == ["GnGneiss", "AnAndesite", "no &lt;bands&gt;"])
    }

    @Test func `The front page and the models page lead to disputed labels`() {
        #expect(front.contains("<a href=\"disputed.html\">Disputed labels</a>"))
        #expect(front.contains("1 label contradicted by a network"))
        #expect(models.contains("<a href=\"disputed.html\">Disputed labels</a>"))
        #expect(front.contains("<li><a href=disputed.html>Disputed</a>"))
    }
}

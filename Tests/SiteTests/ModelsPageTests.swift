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
            html.split(separator: "<tr>").dropFirst()
                .first { $0.split(separator: "</th>")[0].contains(head) })
        return row.matches(of: /<td[^>]*>(.*?)<\/td>/).map {
            String($0.output.1).replacing(/<[^>]*>/, with: "")
        }
    }

    @Test func `Precision, recall and F1 stand with their intervals`() throws {
        // Mica schist: 1 correct, 2 predicted as mica schist, 1 labelled so, 2 either. Wilson's intervals of 1/2
        // and 1/1 by SciPy's binomtest; F1 = 2J/(1 + J) of the ends of the first.
        #expect(
            try cells("Mica schist", in: String(models.split(separator: "By rock type")[1]))
                == ["50.0·% (9.5–90.5)", "100·% (20.7–100)", "66.7·% (17.3–95.0)", "1"].map(
                    spaced))
    }

    @Test func `Networks are compared in one table, unknown figures as dashes`() throws {
        #expect(
            try cells("other &lt;net&gt;", in: models)
                // Wilson's interval of 15/20 by SciPy's binomtest.
                == ["75.0·%", "53.1–88.8·%", "20", "44,230", "–", "–"].map(spaced))
        #expect(models.contains("<b>conv2l</b>, used in this atlas"))
    }

    @Test func `What was tried before the choice stands in a table with its shares`() throws {
        let part = String(models.split(separator: "How it was chosen")[1])
        // Wilson's interval of 15/20 by SciPy's binomtest.
        #expect(try cells("texture", in: part) == ["75.0·%", "53.1–88.8·%", ""].map(spaced))
        #expect(try cells("deep", in: part)[0] == "–")
        #expect(try cells("deep", in: part)[2].contains(spaced("10·min")))
        #expect(part.contains("<b>conv2l</b>"))
        #expect(part.contains("right more often than texture"))
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

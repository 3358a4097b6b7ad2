import AtlasModel
import Foundation
import Raster
import Similarity
import Statistics
import Testing

@testable import Site

/// The formats that the scripts of the pages read. The expected lines are written by hand from the
/// description at the top of each data file.
@Suite struct DataTests {
    private static let blank = PictureSource(
        vector: { _ in [UInt8](repeating: 128, count: ModelVectors.length) }, file: { _ in [] })

    private func layout(_ edition: Edition = TinyEdition.edition()) throws -> Layout {
        try Layout(edition, pictures: Self.blank)
    }

    private func text(_ file: File) -> String { String(decoding: file.bytes, as: UTF8.self) }

    @Test(arguments: [
        ("plain", #""plain""#), ("a\"b\\c", #""a\"b\\c""#), ("</script>", #""\u003c/script>""#),
        ("\n\u{2028}", #""\u000a\u2028""#), ("été ▲ \u{1F30B}", "\"été ▲ \u{1F30B}\""),
    ]) func `A text becomes a string that no page can end`(written: String, expected: String) {
        var script = Script()
        script.add(text: written)
        #expect(String(decoding: script.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        (0, 1, "0"), (7, 1, "7"), (1_234_567_890, 1, "1234567890"), (100, 6, "000100"),
        (0, 2, "00"),
    ]) func `A number has its decimal digits`(number: Int, least: Int, expected: String) {
        var script = Script()
        script.add("[")
        script.add(number: number, atLeast: least)
        #expect(String(decoding: script.bytes, as: UTF8.self) == "[" + expected)
    }

    @Test func `A small collection has one part with all keys`() throws {
        let layout = try layout()
        let data = SearchData(layout)
        #expect(data.parts.count == 1)
        let index = text(data.index)
        let types =
            #"GEO.types=[["andesite","Andesite","An","andesite"],["gneiss","Gneiss","Gn","gneiss"],["mica schist","Mica schist","Mi","type-mica-schist"]];"#
        let search =
            #"GEO.search={types:[["Gneiss","gneiss/index.html",2],["Andesite","andesite/index.html",5],["Mica schist","mica-schist/index.html",1],["Unlabelled","unlabelled/index.html",1]],parts:{"":""#
        #expect(index.hasPrefix(types + "\n" + search))
        #expect(index.hasSuffix("\"\(data.parts[0].path)\"}};\nGEO.keys={};\n"))
        let part = text(data.parts[0])
        #expect(part.hasPrefix("GEO.keys[\"\"]={pics:\"\",ext:\".jpg\",px:1,items:["))
        // A plain key is an item whose parts determine its page and picture.
        #expect(part.contains("[\"andesite/9f/012L6\","))
        #expect(layout.paths.places[0].page == "andesite/9f/012l6.html")
        // All other keys are written in full: other names, photographs, pictures in the folder of
        // another label.
        let photograph = try #require(layout.edition.images.firstIndex { $0.key == "gneiss/P1" })
        let place = layout.paths.places[photograph]
        #expect(part.contains("[\"gneiss/P1\",\"\(place.page)\",\"\(place.thumbnail)\",0]"))
        #expect(part.contains("[\"andesite/\\u003cb>&\\\"x\",\"andesite/"))
    }

    @Test func `A large collection is split by the first character of the stem`() throws {
        let stems = (0..<5_001).map { "K\($0)" } + ["7x", "Äx", "~x"]
        let images = stems.map { "gneiss/\($0)" }.sorted(by: AtlasPaths.byBytes).map { key in
            ImageRecord(
                key: key, label: 0, path: key, width: 28, height: 28, byteCount: 1, format: .jpeg,
                split: .train, digest: "")
        }
        let layout = try layout(Self.edition(gneisses: images))
        let data = SearchData(layout)
        let heads = data.parts.map { text($0).prefix { $0 != "=" } }
        #expect(heads.map(String.init) == ["7", "_", "k"].map { "GEO.keys[\"\($0)\"]" })
        #expect(text(data.parts[2]).matches(of: /"gneiss\/[0-9a-f]{2}\/K/).count == 5_001)
        #expect(text(data.parts[1]).matches(of: /\["gneiss\//).count == 2)
        #expect(
            layout.plates[0].pages.map(\.range.count) == Array(repeating: 252, count: 19) + [216])
        #expect(layout.plates[0].pages[19].path == "gneiss/20.html")
    }

    /// An edition of one type.
    private static func edition(gneisses images: [ImageRecord]) -> Edition {
        let none = images.map { _ in [Match]() }
        return Edition(
            title: "", collection: "", rockTypes: [RockType(label: "gneiss")], plates: [0],
            images: images, errata: [], shares: [1, 0, 0], corrections: [],
            predictions: images.map { _ in Prediction(probabilities: [1]) },
            classifier: TinyEdition.edition().classifier, evidence: .none(types: 1),
            clustering: Clustering(
                k: 1, assignments: images.map { _ in 0 }, sizes: [images.count], inertia: [],
                suggested: nil),
            neighbours: [Neighbours(model: .kmeans, matches: none)], panels: [.kmeans, .pairwise],
            top: 0, rotations: false,
            review: nil)
    }

    @Test func `Scripts name the values of a tile as the program does, in the same order`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../templates/tiles.js")
        let script = try String(contentsOf: file, encoding: .utf8)
        let list = try #require(script.firstMatch(of: /\(\[([^\]]*)\]\) =>/)).output.1
        // A name may have a default: "label = GEO.plate.type".
        let names = list.split(separator: ",").map { $0.split(separator: " ")[0] }
        #expect(names.map(String.init) == TileValue.allCases.map(\.rawValue))
    }

    @Test func `Tiles tell stem, prediction, probability, margin, cluster and where the page is`()
        throws
    {
        let layout = try layout()
        let andesite = try #require(layout.plates.first { $0.type == 0 })
        let data = text(TileData.file(andesite, layout))
        #expect(
            data.contains(
                "GEO.plate={type:0,folder:\"andesite\",columns:14,size:252,sheets:[[\""
                    + andesite.pages[0].sprites[0].path
                    + "\",1]],names:{},format:\"jpg\",formats:{}};\n"))
        // Keys 1 and 4 are predicted as class 0 with 0.6 against 0.39, the others as 2 with
        // 0.96 against 0.0399; clusters alternate.
        #expect(
            data.contains(
                "GEO.tiles=[[\"012L6\",0,600,210,1,\"9f\"],[\"012l6\",2,960,920,2,\""))
        #expect(data.contains("[\"CON\",0,600,210,2,\"\(layout.paths.places[3].shard)/xcon-"))
        // A corrected label: the picture is in the folder of its key.
        let corrected = try #require(
            layout.edition.images.firstIndex { $0.key == "gneiss/was andesite" })
        let page = layout.paths.places[corrected].page
        #expect(data.contains("[\"was andesite\",0,600,210,1,\"../\(page)\"]"))
    }

    @Test func `Pictures of other labels that are predicted so come last, with look and label`()
        throws
    {
        let layout = try layout()
        let schist = try #require(layout.plates.first { $0.type == 2 })
        #expect(
            schist.onlyPredicted.map { layout.edition.images[$0].key } == [
                "andesite/012l6", TinyEdition.nastyKey, "gneiss/P1", "gneiss/P2", "unlabelled/u1",
            ])
        let data = text(TileData.file(schist, layout))
        let own = schist.pages[0].sprites[0].path
        let andesite = layout.plates.first { $0.type == 0 }!.pages[0].sprites[0].path
        #expect(data.contains("sheets:[[\"\(own)\",1],[\"\(andesite)\",1]"))
        // The second andesite, tile 1 of its plate's sprite.
        #expect(
            data.contains(
                "[\"012l6\",2,960,920,2,\"../\(layout.paths.places[1].page)\",[1,1],0]"))
        // A photograph of 400 × 300 pixels, a thumbnail; and a picture without a label.
        #expect(data.contains(",\"\(layout.paths.places[4].thumbnail)\",1]"))
        #expect(data.hasSuffix(",-1]];\n"))
    }

    @Test func `Photographs are in sheets of 42, six on a page`() throws {
        let keys = (0..<300).map { "gneiss/K\(1_000 + $0)" }
        let images = keys.map { key in
            ImageRecord(
                key: key, label: 0, path: key, width: 400, height: 300, byteCount: 1, format: .jpeg,
                split: .test, digest: "")
        }
        let layout = try Layout(
            Self.edition(gneisses: images),
            pictures: PictureSource(
                vector: { _ in [UInt8](repeating: 9, count: ModelVectors.length) },
                file: { _ in [] }))
        let plate = layout.plates[0]
        #expect(
            plate.pages.map { $0.sprites.map(\.tiles.count) } == [
                [42, 42, 42, 42, 42, 42], [42, 6],
            ])
        // The last picture of the first page and the first of the second.
        #expect(plate.pages[0].sprites[5].tiles.last == 251)
        #expect(plate.pages[1].sprites[0].tiles.first == 252)
        let data = text(TileData.file(plate, layout))
        #expect(data.contains(",columns:7,size:42,sheets:["))
        #expect(data.contains("\"\(layout.paths.places[251].thumbnail)\"]"))
    }

    @Test func `The front page tells how many voted, and nothing when nobody did`() throws {
        #expect(Pages.turnout(nil) == "no votes handed in yet")
        #expect(Pages.turnout(TinyEdition.edition().votes) == "4 votes by 1 geologist so far")
    }

    @Test func `Pictures of a large trial are spread over folders`() throws {
        let keys = (0..<1_000).map { "gneiss/K\($0)" }.sorted(by: AtlasPaths.byBytes)
        let images = keys.map { key in
            ImageRecord(
                key: key, label: 0, path: key, width: 28, height: 28, byteCount: 1, format: .jpeg,
                split: .test, digest: "")
        }
        let plan = ReviewPlan(
            trial: "t",
            comparisons: keys.enumerated().map { number, key in
                ReviewPlan.Comparison(
                    id: String(0xF0_0000 - number, radix: 16), candidate: key,
                    a: .init(model: .kmeans, targets: []),
                    b: .init(model: .pairwise, targets: []))
            })
        let tiny = TinyEdition.edition()
        let edition = Edition(
            title: "", collection: "", rockTypes: tiny.rockTypes, plates: tiny.plates,
            images: images, errata: [], shares: [1, 0, 0], corrections: [],
            predictions: images.map { _ in Prediction(probabilities: [1, 0, 0]) },
            classifier: tiny.classifier, evidence: .none(types: 3),
            clustering: Clustering(
                k: 1, assignments: images.map { _ in 0 }, sizes: [1_000], inertia: [],
                suggested: nil), neighbours: [], panels: [.kmeans, .pairwise], top: 0,
            rotations: false, review: plan)
        let pictures = ReviewPictures(plan, try layout(edition))
        let paths = (0..<pictures.count).map { number in
            pictures.file(number, version: { _ in nil }) { _, _ in
                Picture(width: 1, height: 1, pixels: [0, 0, 0])
            }.path
        }
        #expect(Set(paths).count == 2_000)
        #expect(
            paths.allSatisfy { $0.wholeMatch(of: /review\/([0-9a-f])\/\1[0-9a-f]+\.png/) != nil })
    }
}

@Suite struct ChartTests {
    private func clustering(_ inertia: [Double], k: Int) -> Clustering {
        Clustering(
            k: k, assignments: [], sizes: [],
            inertia: inertia.enumerated().map { ElbowPoint(k: $0 + 1, inertia: $1) }, suggested: k)
    }

    @Test func `The sentence of the elbow chart states its finding`() throws {
        let chart = try #require(
            ElbowChart(clustering([2_520_000, 1_000_000, 766_000, 710_000], k: 3)))
        #expect(
            chart.sentence == "Elbow chart: inertia falls from 2.52 million with one cluster "
                + "to 0.77 million with three, which is used here, and 0.71 million with four.")
    }

    @Test func `Points lie where their values are`() throws {
        // 560 × 360: the axis runs from x 60 to 540, from y 310 at 0 to y 10 at 4 million.
        let svg = try #require(ElbowChart(clustering([4_000_000, 2_000_000, 1_000_000], k: 2)))
            .svg(width: 560, height: 360)
        #expect(svg.contains("class=\"ln\" d=\"M60 10L300 160L540 235\""))
        #expect(svg.contains("<circle class=\"sol\" cx=\"300\" cy=\"160\""))
        #expect(svg.matches(of: /class="dot"/).count == 2)
        #expect(svg.contains(">k = 2, used here</text>"))
    }

    @Test func `One point is no curve`() {
        #expect(ElbowChart(clustering([5], k: 1)) == nil)
        #expect(ElbowChart(clustering([0, 0], k: 1)) == nil)
    }
}

@Suite struct NoteTests {
    /// The sentences on the page of `gneiss/P1`.
    private func page(_ probabilities: [Float], key: String = "gneiss/P1") throws -> String {
        let tiny = TinyEdition.edition()
        let edition = Edition(
            title: "", collection: "", rockTypes: tiny.rockTypes, plates: tiny.plates,
            images: tiny.images, errata: [], shares: tiny.shares, corrections: [],
            predictions: tiny.images.map { _ in Prediction(probabilities: probabilities) },
            classifier: tiny.classifier, evidence: tiny.evidence, clustering: tiny.clustering,
            neighbours: tiny.neighbours, panels: [.kmeans, .pairwise], top: 7, rotations: true,
            review: nil)
        let files = try TinyEdition.written(TinyEdition.site(edition))
        let index = try #require(tiny.images.firstIndex { $0.key == key })
        let paths = AtlasPaths(keys: tiny.images.map(\.key), labels: tiny.rockTypes.map(\.label))
        return String(decoding: try #require(files[paths.places[index].page]), as: UTF8.self)
    }

    @Test(arguments: [
        ([0.02, 0.97, 0.01] as [Float], "Label and prediction agree.<"),
        (
            [0.3, 0.613, 0.087],
            "Label and prediction agree, but not clearly: the network gives gneiss 61.3·%. Compare the panels below.<"
        ),
        (
            [0.504, 0.464, 0.032],
            "Label and prediction differ, and the two are close: 50.4·% against 46.4·%. Look before you trust either.<"
        ),
        (
            [0.93, 0.0003, 0.0697],
            "Label and prediction differ: the network gives andesite 93.0·%, gneiss &lt; 0.1·%. The label may be wrong, or the network.<"
        ),
    ]) func `The note says how label and prediction stand`(
        probabilities: [Float], sentence: String
    ) throws {
        let html = try page(probabilities)
        #expect(html.contains(sentence.dropLast().replacing("·", with: "\u{202F}")))
    }

    @Test func `A picture without a label says so`() throws {
        let html = try page([0.05, 0.069, 0.881], key: "unlabelled/u1")
        #expect(html.contains("No label. The network gives mica schist 88.1\u{202F}%."))
        #expect(html.contains("<dt>Label<dd>None</div>"))
        #expect(html.contains("<h1><bdi>Unlabelled</bdi> <b>u1</b></h1>"))
    }
}

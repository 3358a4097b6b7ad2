import AtlasModel
import Testing

@testable import Site

@Suite struct FieldScaleTests {
    @Test(
        "A bar has a round length that fits the picture, worked by hand",
        arguments: [
            // 448 pixels of 0.05 mm are 22.4 mm.
            (0.05, 448, "20\u{202F}mm", 20 / 22.4), (0.1, 200, "20\u{202F}mm", 1.0),
            (0.1, 199, "10\u{202F}mm", 10 / 19.9), (0.001, 4_000, "2\u{202F}mm", 0.5),
            (1, 999, "500\u{202F}mm", 500.0 / 999), (1, 1_000, "1\u{202F}m", 1.0),
            (0.0001, 28, "0.002\u{202F}mm", 0.002 / 0.0028), (10, 4_000, "20\u{202F}m", 0.5),
        ] as [(Double, Int, String, Double)])
    func lengths(scale: Double, width: Int, text: String, share: Double) throws {
        let bar = try #require(FieldScale(millimetresPerPixel: scale, width: width))
        #expect(bar.text == text)
        #expect(abs(bar.share - share) < 1e-9)
    }

    @Test("Without a scale there is no bar", arguments: [0, -1, .infinity, .nan] as [Double])
    func none(scale: Double) {
        #expect(FieldScale(millimetresPerPixel: scale, width: 28) == nil)
    }
}

@Suite struct MetadataListTests {
    @Test("Lists name key and page, and have only pictures of which something is known")
    func lists() throws {
        let layout = try Layout(
            TinyEdition.edition(metadata: TinyEdition.metadata), pictures: TinyEdition.pictures)
        let files = MetadataLists.files(layout)
        #expect(files.map(\.path) == ["metadata.csv", "metadata.json"])
        let key = layout.edition.images[0].key
        let page = layout.paths.places[0].page
        let nasty = layout.edition.images[2].key.replacing("\"", with: "\"\"")
        let second = "\"\(nasty)\",\(layout.paths.places[2].page),"
        #expect(
            String(decoding: files[0].bytes, as: UTF8.self)
                == "key,page,Title,Specimen,mm per pixel,Mood <i>\n"
                + "\(key),\(page),An & desite,S <1>,0.05,'=1+1\n\(second),S <1>,,\n")
        let none = try Layout(TinyEdition.edition(), pictures: TinyEdition.pictures)
        #expect(MetadataLists.files(none).isEmpty)
    }
}

@Suite struct MetadataDataTests {
    private func layout() throws -> Layout {
        try Layout(
            TinyEdition.edition(metadata: TinyEdition.metadata), pictures: TinyEdition.pictures)
    }

    @Test("A plate has the values of its tiles, each distinct one once")
    func facts() throws {
        let layout = try layout()
        let plate = try #require(
            layout.plates.first { $0.members.contains(0) && $0.members.contains(2) })
        let file = try #require(FactData.file(plate, layout))
        let text = String(decoding: file.bytes, as: UTF8.self)
        let tiles = (plate.members + plate.onlyPredicted).map { $0 == 0 || $0 == 2 ? "1" : "0" }
        #expect(text.hasPrefix("GEO.facts=[[\"Title\",0,[\"\",\"An & desite\"],["))
        #expect(
            text.contains(
                "[\"Specimen\",0,[\"\",\"S \\u003c1>\"],[\(tiles.joined(separator: ","))]]"))
        #expect(text.contains("[\"mm per pixel\",1,[\"\",\"0.05\"],"))
        let others = layout.plates.filter { !$0.members.contains(0) }
        #expect(others.allSatisfy { FactData.file($0, layout) == nil })
    }

    @Test("The search has a part with the words of pictures, and none without metadata")
    func words() throws {
        let layout = try layout()
        let parts = SearchData.wordParts(layout)
        #expect(parts.map(\.name) == ["~"])
        let text = String(decoding: parts[0].file.bytes, as: UTF8.self)
        #expect(text.hasPrefix("GEO.keys[\"~\"]={items:[[\"\(layout.edition.images[0].key)\","))
        #expect(text.contains(",\"An & desite, S \\u003c1>, =1+1\"]"))
        #expect(
            SearchData.wordParts(
                try Layout(TinyEdition.edition(), pictures: TinyEdition.pictures)
            ).isEmpty)
    }
}

import AtlasModel
import Foundation
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
        let file = try #require(FactData(plate, layout)).file
        let text = String(decoding: file.bytes, as: UTF8.self)
        let tiles = (plate.members + plate.onlyPredicted).map { $0 == 0 || $0 == 2 ? "1" : "0" }
        #expect(text.hasPrefix("GEO.facts=[[\"Title\",0,[\"\",\"An & desite\"],["))
        #expect(
            text.contains(
                "[\"Specimen\",0,[\"\",\"S \\u003c1>\"],[\(tiles.joined(separator: ","))]]"))
        #expect(text.contains("[\"mm per pixel\",1,[\"\",\"0.05\"],"))
        let others = layout.plates.filter { !$0.members.contains(0) }
        #expect(others.allSatisfy { FactData($0, layout) == nil })
    }

    @Test("The search has a part with the values of pictures, and none without metadata")
    func words() throws {
        let layout = try layout()
        let parts = SearchWords(layout).parts
        #expect(parts.map(\.name) == ["~"])
        let text = String(decoding: parts[0].file.bytes, as: UTF8.self)
        // Values are sorted; the last one begins with a letter.
        #expect(text.hasPrefix("GEO.keys[\"~\"]={items:[[\"\(layout.edition.images[0].key)\","))
        #expect(text.contains(",\"=1+1\"],"))
        #expect(text.contains(",\"An & desite\"],"))
        #expect(
            SearchWords(try Layout(TinyEdition.edition(), pictures: TinyEdition.pictures)).parts
                .isEmpty)
    }

    @Test(
        "A value of all pictures is listed eight times, and each value is found by its rarest word")
    func manyValues() throws {
        let count = 3_000
        let tiny = TinyEdition.edition()
        let images = (0..<count).map { number in
            ImageRecord(
                key: "gneiss/p\(number)", label: 1, path: "p\(number).jpg", width: 28, height: 28,
                byteCount: 1, format: .jpeg, split: .test, digest: "")
        }.sorted { $0.key.precedes($1.key) }
        let metadata = Metadata(
            fields: [MetadataField(.collector), MetadataField(.sample), MetadataField(.title)],
            values: [
                images.map { _ in "A. Keller" }, images.indices.map { "GA-\(10_000 + $0)" },
                images.indices.map { "Outcrop \(90_000 + $0)" },
            ])
        let edition = tiny.with(images: images, metadata: metadata)
        let parts = SearchWords(try Layout(edition, pictures: TinyEdition.grey)).parts
        let texts = Dictionary(
            uniqueKeysWithValues: parts.map {
                ($0.name, String(decoding: $0.file.bytes, as: UTF8.self))
            })
        #expect(parts.map(\.name) == ["~1", "~9", "~a", "~g", "~k", "~o"])
        func items(_ part: String, with text: String) -> Int {
            (texts[part] ?? "").components(separatedBy: ",\"" + text).count - 1
        }
        #expect(items("~k", with: "A. Keller\"") == 8)
        // All by their number, which is rare; some by the word that all have.
        #expect(items("~1", with: "GA-") == count)
        #expect(items("~g", with: "GA-") == 1_000)
    }
}

import AtlasModel
import Foundation
import Parallel
import Testing

@testable import Catalog

@Suite struct MetadataColumnTests {
    @Test(
        "Columns are known by their usual names",
        arguments: [
            ("Title", .title), ("decimalLatitude", .latitude), ("GPS Longitude", .longitude),
            ("Depth from [m]", .depthFrom), ("to_m", .depthTo), ("IGSN", .sample),
            ("Hole-ID", .hole), ("mm/px", .scale), ("License", .licence),
            ("photo type", .photoType),
            ("Handstück", .specimen), ("depth (ft)", .other), ("rock type", .other),
            ("Weathering", .other),
        ] as [(String, MetadataField.Kind)])
    func known(name: String, kind: MetadataField.Kind) {
        let columns = MetadataColumns(header: ["key", name])
        #expect(columns.key == 0)
        #expect(columns.columns.map(\.field.kind) == [kind])
    }

    @Test("Of two columns with one meaning the second keeps its own name")
    func repeated() {
        let columns = MetadataColumns(header: ["sample", "File", "IGSN", "x", "x", ""])
        #expect(columns.key == 1)
        #expect(columns.columns.map(\.field.name) == ["Sample", "IGSN", "x", "x 2"])
        #expect(columns.count == 5)
    }
}

@Suite struct MetadataValueTests {
    private func value(_ column: String, _ cell: String, among cells: [String] = []) -> String? {
        guard let column = MetadataColumns(header: ["key", column]).columns.first else {
            return nil
        }
        return try? MetadataReader(column, cells: [cell] + cells).value(of: cell).get()
    }

    @Test(
        "Numbers have a decimal point or comma, and separated thousands",
        arguments: [
            ("12.5", 12.5), ("12,5", 12.5), ("-3", -3), ("\u{2212}3,25", -3.25),
            ("1 234,5", 1234.5),
            ("1'234.5", 1234.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1e2", 100),
            ("", nil), ("a", nil), ("1,2,3", nil), ("0x10", nil), ("inf", nil), ("٣", nil),
        ] as [(String, Double?)])
    func numbers(text: String, number: Double?) {
        #expect(MetadataReader.number(text) == number)
    }

    @Test("Positions are degrees within their range, in any notation")
    func positions() {
        #expect(value("lat", "46°30'36\"S") == "-46.51")
        #expect(value("lat", "46 30.6") == "46.51")
        #expect(value("lon", "7,5 O") == "7.5")
        #expect(value("lon", "180") == "180")
        #expect(value("lon", "180.01") == nil)
        #expect(value("lat", "46°61'") == nil)
        #expect(value("lat", "E 7") == nil)
        #expect(value("lat", "90") == "90")
    }

    @Test("Scales are given in millimetres per pixel, also if written otherwise")
    func scales() {
        #expect(value("µm per pixel", "2.5") == "0.0025")
        #expect(value("pixels per mm", "20") == "0.05")
        #expect(value("mm per pixel", "0,05 mm") == "0.05")
        #expect(value("mm per pixel", "-1") == nil)
    }

    @Test("The other dates of a column tell day from month")
    func dates() {
        #expect(value("date", "05/06/2024", among: ["31/12/2023"]) == "2024-06-05")
        #expect(value("date", "05/06/2024", among: ["12/31/2023"]) == "2024-05-06")
        #expect(value("date", "05/06/2024", among: ["31/12/2023", "12/31/2023"]) == nil)
        #expect(value("date", "29.2.2024") == "2024-02-29")
        #expect(value("date", "29.2.2023") == nil)
        #expect(value("date", "45424") == nil)
        #expect(value("date", "May 12, 2024") == "2024-05-12")
        #expect(value("date", "2024-05-12 00:00:00") == "2024-05-12")
        #expect(value("date", "unknown") == nil)
    }
}

@Suite struct MetadataOfCollectionsTests {
    @Test("Each of several folders has its table, whose file names are those of the folder")
    func several() throws {
        let scratch = try Scratch()
        for (number, folder) in ["first", "second"].enumerated() {
            try scratch.picture("\(folder)/gneiss/p1.png", number)
            try scratch.write(
                "\(folder)/metadata.csv", Array("file,title\ngneiss/p1.png,Of \(folder)\n".utf8))
        }
        let paths = ["first", "second"].map { scratch.folder.appending(path: $0).path }
        let catalogue = try Catalog.Collection.open(paths).catalogue(
            rockTypes: RockType.reference, shares: [70, 18, 12], workers: Workers(1))
        #expect(catalogue.images.map(\.path) == ["first/gneiss/p1.png", "second/gneiss/p1.png"])
        #expect(catalogue.errata.map(\.kind) == [.twoWithOneKey])
        #expect(
            catalogue.images.indices.map { catalogue.metadata.value(.title, of: $0) }
                == ["Of first", "Of second"])
    }
}

import AtlasModel
import Foundation
import Parallel
import Raster
import Similarity
import Testing

@testable import Site

/// The page of the map, its data and its tiles. Expected values are worked by hand.
@Suite struct MapPageTests {
    private static let edition = TinyEdition.edition().with(map: TinyEdition.map)

    private func data(_ edition: Edition = Self.edition) throws -> String {
        let pages = try TinyEdition.site(edition).pages
        let files = try pages.mapPage()
        let file = try #require(files.first { $0.path.hasPrefix("data/map.") })
        return String(decoding: file.bytes, as: UTF8.self)
    }

    /// The numbers of a packed list; `nil` where there is none.
    private func numbers(_ name: String, _ data: String) throws -> [Int?] {
        let match = try #require(
            data.firstMatch(of: try Regex("[{,]\(name):\\[(\\d),\"([^\"]*)\"\\]")))
        let bytes = try #require(Int(match[1].substring ?? ""))
        let raw = try #require(Data(base64Encoded: String(match[2].substring ?? "")))
        return stride(from: 0, to: raw.count, by: bytes).map { start in
            let value = bytes == 1 ? Int(raw[start]) : Int(raw[start]) + 256 * Int(raw[start + 1])
            return value == (bytes == 1 ? 255 : 65_535) ? nil : value
        }
    }

    @Test func `The data have the pictures in the order of cells`() throws {
        let data = try data()
        #expect(data.contains("columns:4,count:9,"))
        let images = TinyEdition.images
        // The picture in each cell.
        let order = [1, 2, 3, 4, 5, 0, 6, 7, 8]
        let labels: [Int?] = order.map { images[$0].label }
        #expect(try numbers("label", data) == labels)
        // Every third picture is predicted as the first type with 60.0 %, the others as the last.
        let predicted: [Int?] = order.map { (index: Int) -> Int? in index % 3 == 0 ? 0 : 2 }
        #expect(try numbers("predicted", data) == predicted)
        let shares: [Int?] = order.map { (index: Int) -> Int? in index % 3 == 0 ? 600 : 960 }
        #expect(try numbers("probability", data) == shares)
        let clusters: [Int?] = order.map { (index: Int) -> Int? in index % 2 }
        #expect(try numbers("cluster", data) == clusters)
        // From -4 to 12 in steps of 2, as parts of 65,534.
        let across: [Int?] = [8192, 16384, 24575, 32767, 40959, 0, 49151, 57342, 65534]
        #expect(try numbers("x", data) == across)
        let down: [Int?] = order.map { (index: Int) -> Int? in index % 2 * 65_534 }
        #expect(try numbers("y", data) == down)
    }

    @Test func `The mean colour of a picture has 5, 6 and 5 bits of red, green and blue`() throws {
        // Red 200 is 25 of 31, green 100 is 25 of 63, blue 50 is 6 of 31.
        let vector = (0..<ModelVectors.length).map { [UInt8(200), 100, 50][$0 % 3] }
        let source = PictureSource(vector: { _ in vector }, file: TinyEdition.grey.file)
        let layout = try Layout(Self.edition, pictures: source)
        let file = MapData.file(try #require(layout.map), layout, .none, source, columns: [])
        let colours = try numbers("colour", String(decoding: file.bytes, as: UTF8.self))
        #expect(colours == [Int?](repeating: 52_006, count: 9))
    }

    @Test func `A line leads to the page of each picture`() throws {
        let pages = try TinyEdition.site(Self.edition).pages
        let data = try data()
        let text = try #require(data.firstMatch(of: /names:"((?:[^"\\]|\\.)*)"/)?.output.1)
        let lines = text.components(separatedBy: "\\u000a")
        #expect(lines.count == 9)
        // Cell 3 has gneiss/P1, whose page is named like its file in lower case.
        let page = pages.layout.paths.places[4].page
        let shard = page.split(separator: "/")[1]
        #expect(lines[3] == "\(shard) P1")
        // Cell 6 has a picture whose label was corrected, so its page is not in the folder of its label.
        let corrected = pages.layout.paths.places[6].page.dropLast(5)
        #expect(lines[6].hasSuffix("\\u0009\(corrected)"))
    }

    @Test func `A column of the metadata has its distinct values and a place for each cell`()
        throws
    {
        let edition = TinyEdition.edition(metadata: TinyEdition.metadata).with(map: TinyEdition.map)
        let layout = try TinyEdition.site(edition).pages.layout
        let map = try #require(layout.map)
        let columns = MapColumn.facts(map, layout)
        let metadata = layout.known
        let filled = metadata.fields.indices.filter { field in
            metadata.values[field].contains { !$0.isEmpty }
        }
        #expect(columns.map(\.id) == filled.map { "fact-\($0)" })
        #expect(columns.map(\.title) == filled.map { metadata.fields[$0].name })
        for (column, field) in zip(columns, filled) {
            let text = String(decoding: column.file.bytes, as: UTF8.self)
            #expect(text.hasPrefix("GEO.mapColumns[\"\(column.id)\"]={values:[\"\","))
            let values = try #require(text.firstMatch(of: /values:(\[.*\]),places/)?.output.1)
            let distinct = try JSONDecoder().decode([String].self, from: Data(values.utf8))
            let places = try numbers("places", text)
            #expect(places.count == 9)
            for (picture, cell) in TinyEdition.map.cells.enumerated() {
                #expect(distinct[places[cell] ?? -1] == metadata.values[field][picture])
            }
        }
        #expect(try data(edition).contains("[\"fact-\(filled[0])\","))
    }

    /// Of eight others, K-Means has the first three and Pairwise the last seven: two are in both.
    @Test func `A column tells how many targets two models share, and nothing of a sealed trial`()
        throws
    {
        for isSealed in [false, true] {
            let edition = TinyEdition.edition(isSealed: isSealed).with(map: TinyEdition.map)
            let layout = try TinyEdition.site(edition).pages.layout
            let columns = MapColumn.agreements(try #require(layout.map), layout)
            #expect(columns.map(\.id) == ["common-kmeans-pairwise"])
            let text = String(decoding: columns[0].file.bytes, as: UTF8.self)
            #expect(
                text.contains(#"={values:["","0","1","2","3","4","5","6","7"],places:["#))
            let places = try numbers("places", text)
            for (picture, cell) in TinyEdition.map.cells.enumerated() {
                #expect(places[cell] == (layout.sealed.contains(picture) ? 0 : 3))
            }
            #expect(layout.sealed.isEmpty != isSealed)
        }
    }

    @Test func `A column tells the scene of each picture`() throws {
        let edition = TinyEdition.edition(scenes: TinyEdition.scenes).with(map: TinyEdition.map)
        let layout = try TinyEdition.site(edition).pages.layout
        let columns = MapColumn.scenes(try #require(layout.map), layout)
        #expect(columns.map(\.id) == ["scene"])
        let text = String(decoding: columns[0].file.bytes, as: UTF8.self)
        #expect(text.contains("[\"\",\"Scene of \(layout.title(of: 0))\","))
        let places = try numbers("places", text)
        let scenes = [1, 2, 0, 2, 1, 0, 0, 1, 1]
        for (picture, cell) in TinyEdition.map.cells.enumerated() {
            #expect(places[cell] == scenes[picture])
        }
    }

    /// Worked by hand: 255 of one byte and 65,535 of two mean that there is none.
    @Test func `Packed numbers take as few bytes as hold all`() {
        #expect(PackedNumbers([1, nil]).text == "Af8=")
        #expect(PackedNumbers([254]).bytes == 1)
        #expect(PackedNumbers([255, nil]).text == "/wD//w==")
        #expect(PackedNumbers([65_534]).bytes == 2)
        #expect(PackedNumbers([65_535, nil]).text == "//8A////")
        #expect(PackedNumbers([]).text == "")
    }

    @Test func `Clusters of candidates of a sealed trial are not told`() throws {
        let sealed = TinyEdition.edition(isSealed: true).with(map: TinyEdition.map)
        let hidden = try TinyEdition.site(sealed).pages.layout.sealed
        #expect(!hidden.isEmpty)
        let clusters = try numbers("cluster", data(sealed))
        for (picture, cell) in TinyEdition.map.cells.enumerated() {
            #expect((clusters[cell] == nil) == hidden.contains(picture))
        }
    }

    @Test func `Without a network there are no predictions, and no filter for them`() throws {
        let pages = try TinyEdition.site(Self.edition.unclassified).pages
        #expect(try numbers("predicted", data(Self.edition.unclassified)).allSatisfy { $0 == nil })
        let page = String(decoding: try #require(pages.mapPage().first).bytes, as: UTF8.self)
        #expect(!page.contains("Next disagreement"))
        #expect(!page.contains("Taken for another type"))
    }

    @Test func `The data have the names of regions`() throws {
        // A block of four cells along a side holds all nine pictures. Picture 4, in cell 3, has the largest
        // PageRank.
        let mixed = Self.edition.with(
            images: Self.edition.images.enumerated().map { $1.with(label: $0 % 3) }
        ).with(map: TinyEdition.map)
        #expect(try data(mixed).contains(",regions:[],"))
        let schist = Self.edition.with(images: Self.edition.images.map { $0.with(label: 2) })
            .with(map: TinyEdition.map)
        #expect(
            try data(schist).contains(
                #",regions:[[4,2.0,2.0,9,3,"Mica schist","9 of 9, cluster 1"]],"#))
    }

    @Test func `A small map is one region, and each picture counts once`() throws {
        let layout = try TinyEdition.site(Self.edition).pages.layout
        let map = try #require(layout.map)
        let regions = MapRegions(map, .none).regions
        #expect(regions.map(\.name) == ["A1"])
        // The first of the two with the largest PageRank.
        #expect(regions[0].typical == 4)
        #expect(regions[0].pictures.sorted() == Array(0..<9))
    }

    @Test func `A map of many cells has regions that hold all of them`() throws {
        let count = 40 * 31 - 7
        let map = PictureMap(
            model: .pairwise, places: (0..<count).map { SIMD2(Float($0), 0) },
            cells: Array(0..<count), columns: 40,
            ranks: [Double](repeating: 1 / Double(count), count: count),
            figures: TinyEdition.map.figures)
        let grey = TinyEdition.grey
        let layout = try MapLayout(
            map,
            pictures: PictureSource(vector: { grey.vector($0 % 2) }, file: grey.file),
            workers: Workers(2))
        let regions = MapRegions(layout, .none).regions
        #expect(regions.map(\.name) == ["A1", "B1", "C1", "A2", "B2", "C2"])
        #expect(regions.flatMap(\.pictures).sorted() == Array(0..<count))
        // 40 columns of 18 are three tiles, 31 rows are two; then two and one, then one.
        #expect(layout.levels.map(\.tiles.count) == [6, 2, 1])
        #expect(layout.levels.map(\.columns) == [3, 2, 1])
    }

    @Test func `A tile shows the picture of each cell, and its name changes with the content`()
        throws
    {
        let vectors = (0..<9).map {
            [UInt8](repeating: UInt8(20 * $0 + 10), count: ModelVectors.length)
        }
        func layout(_ vectors: [[UInt8]]) throws -> (MapLayout, PictureSource) {
            let source = PictureSource(
                vector: { vectors[$0] }, file: TinyEdition.grey.file)
            return (try MapLayout(TinyEdition.map, pictures: source, workers: Workers(2)), source)
        }
        let (map, source) = try layout(vectors)
        #expect(map.levels.count == 1)
        let tile = map.tiles[0]
        let picture = try Picture.decode(tile.jpeg(source, at: map.pictures), .whole()).picture
        #expect(picture.width == 504 && picture.height == 504)
        for (index, cell) in TinyEdition.map.cells.enumerated() {
            let (x, y) = (cell % 4 * 28 + 14, cell / 4 * 28 + 14)
            let value = Int(picture.pixels[(y * 504 + x) * 3])
            #expect(abs(value - (20 * index + 10)) <= 2)
        }
        var other = vectors
        other[3][0] = 0
        #expect(try layout(other).0.tiles[0].path != tile.path)
        #expect(try layout(vectors).0.tiles[0].path == tile.path)
    }
}

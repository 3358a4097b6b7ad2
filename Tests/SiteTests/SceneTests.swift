import AtlasModel
import Fingerprint
import Foundation
import Parallel
import Raster
import Testing

@testable import Site

/// The pages of scenes, and their mosaics. Expected values are worked by hand.
@Suite struct SceneTests {
    private func written(_ edition: Edition) throws -> [String: [UInt8]] {
        try TinyEdition.written(try TinyEdition.site(edition))
    }

    private func text(_ bytes: [UInt8]?) throws -> String {
        String(decoding: try #require(bytes), as: UTF8.self)
    }

    /// Pictures of one grey each: 10, 20, 30 and so on.
    private static let plain = PictureSource(
        vector: { [UInt8](repeating: UInt8(10 * ($0 + 1)), count: ModelVectors.length) },
        file: { _ in [] })

    private func mosaic(_ tiles: [Scene.Tile], _ seams: SceneSeams) -> (Picture, [Bool]) {
        Mosaic(
            scene: Scene(tiles: tiles, pairs: 1, contradicting: 0, residual: 0), seams: seams
        ).drawn(Self.plain)
    }

    @Test func `With sharp seams each pixel is of the picture whose middle is nearer`() {
        let (picture, isShown) = mosaic(
            [.init(picture: 0, top: 0, left: 0), .init(picture: 1, top: 0, left: 10)], .sharp)
        #expect((picture.width, picture.height) == (38, 28))
        #expect(!isShown.contains(false))
        // The seam is in the middle between columns 10 and 27, which both show.
        let row = (0..<38).map { picture.pixels[(5 * 38 + $0) * 3] }
        #expect(row[..<19].allSatisfy { $0 == 10 } && row[19...].allSatisfy { $0 == 20 })
    }

    @Test func `Blended seams are means that weigh edges less`() {
        let (picture, _) = mosaic(
            [.init(picture: 0, top: 0, left: 0), .init(picture: 1, top: 0, left: 10)], .blend)
        // Column 10 is the 18th from the right of the first, and the first of the second: 14 and 1
        // parts at most. Column 12: min(13, 16) = 13 against 3.
        #expect(picture.pixels[(5 * 38 + 9) * 3] == 10)
        // (10 · 13 + 20 · 3) / 16 is 11.9.
        #expect(picture.pixels[(5 * 38 + 12) * 3] == 12)
        #expect(picture.pixels[(5 * 38 + 28) * 3] == 20)
    }

    @Test func `Where no picture lies the mosaic is transparent`() throws {
        let (picture, isShown) = mosaic(
            [.init(picture: 0, top: 0, left: 0), .init(picture: 1, top: 28, left: 28)], .sharp)
        #expect((picture.width, picture.height) == (56, 56))
        #expect(isShown.count { $0 } == 2 * 28 * 28)
        #expect(!isShown[28] && isShown[28 * 56 + 28])
    }

    @Test func `A turned picture is turned in the mosaic`() throws {
        let gradient = PictureSource(
            vector: { _ in (0..<ModelVectors.length).map { UInt8($0 / 3 % 28) } }, file: { _ in [] }
        )
        let scene = Scene(
            tiles: [.init(picture: 0, top: 0, left: 0, symmetry: SquareSymmetry(1))], pairs: 0,
            contradicting: 0, residual: 0)
        let (picture, _) = Mosaic(scene: scene, seams: .sharp).drawn(gradient)
        // What grew to the right grows upwards after a quarter turn counter-clockwise.
        let column = (0..<28).map { picture.pixels[$0 * 28 * 3] }
        #expect(column == (0..<28).map { UInt8(27 - $0) })
    }

    @Test func `Each scene has a page, a mosaic and its rows in the table`() throws {
        let files = try written(TinyEdition.edition(scenes: TinyEdition.scenes))
        let paths = files.keys.filter { $0.hasPrefix("scenes/") }.sorted()
        #expect(paths.count == 4)
        #expect(paths.allSatisfy { $0 == $0.lowercased() && $0.hasPrefix("scenes/andesite/") })
        let list = try text(files["scenes.csv"]).split(whereSeparator: \.isNewline)
        try #require(list.count == 1 + 6)
        #expect(list[3].hasSuffix("mica schist/s~2,12,12,no,90,mica schist,mica schist"))
        let overview = try text(files["scenes.html"])
        #expect(overview.contains("2 scenes, put together from 6 pictures of the same ground."))
        for path in paths where path.hasSuffix(".html") { #expect(overview.contains(path)) }
    }

    @Test func `A tile shows its label and prediction, and whether they differ`() throws {
        let edition = TinyEdition.edition(scenes: TinyEdition.scenes)
        let page = try text(try TinyEdition.site(edition).pages.scenePage(0).bytes)
        #expect(page.contains("label andesite, predicted andesite 60.0"))
        #expect(page.contains("label gneiss, predicted mica schist 96.0"))
        #expect(page.contains("no label, predicted mica schist 96.0"))
        #expect(page.contains("left:25.000%;top:0.000%"))
    }

    @Test func `Without a network nothing is said of predictions`() throws {
        let edition = TinyEdition.edition(scenes: TinyEdition.scenes).unclassified
        let files = try written(edition)
        let page = try text(try TinyEdition.site(edition).pages.scenePage(0).bytes)
        #expect(page.contains("label gneiss\"") && !page.contains("predicted"))
        #expect(!page.contains("taken for another type"))
        let rows = try text(files["scenes.csv"]).split(whereSeparator: \.isNewline)
        #expect(rows.contains { $0.hasSuffix(",gneiss,") })
    }

    @Test func `Without scenes there is no page, no folder and no entry`() throws {
        let files = try written(TinyEdition.edition())
        #expect(!files.keys.contains { $0.hasPrefix("scenes") })
        #expect(!(try text(files["index.html"])).contains("scenes.html"))
    }

    @Test func `The page of a picture shows where in its scene it lies`() throws {
        let edition = TinyEdition.edition(scenes: TinyEdition.scenes)
        let pages = try TinyEdition.site(edition).pages
        let inside = try text(try pages.imagePage(7).bytes)
        #expect(inside.contains("data-at=40,42,12,12>Scene of 4</a>"))
        #expect(!(try text(try pages.imagePage(2).bytes)).contains("Scene of"))
    }

    @Test func `A page or mosaic that changes has another source`() throws {
        func made(_ scenes: [Scene]) throws -> (page: [UInt8], source: String, mosaic: String) {
            let pages = try TinyEdition.site(TinyEdition.edition(scenes: scenes)).pages
            return (
                try pages.scenePage(0).bytes, try pages.scenePageSources(Workers(2))[0].hex,
                pages.layout.scenes.mosaic(0).source(TinyEdition.pictures).hex
            )
        }
        let first = TinyEdition.scenes[0]
        let before = try made([first])
        #expect(try made([first, TinyEdition.scenes[1]]).source == before.source)
        let moved = Scene(
            tiles: first.tiles.dropLast() + [.init(picture: 8, top: 14, left: 3)],
            pairs: first.pairs, contradicting: first.contradicting, residual: first.residual)
        let changed = [
            moved,
            Scene(tiles: first.tiles, pairs: 4, contradicting: 1, residual: first.residual),
            Scene(tiles: first.tiles, pairs: 5, contradicting: 2, residual: first.residual),
            Scene(tiles: first.tiles, pairs: 5, contradicting: 1, residual: 0.5),
            Scene(
                tiles: Array(first.tiles.dropLast()), pairs: 5, contradicting: 1,
                residual: first.residual),
        ]
        for scene in changed {
            let after = try made([scene])
            #expect(after.page != before.page && after.source != before.source)
        }
        #expect(try made([moved]).mosaic != before.mosaic)
    }
}

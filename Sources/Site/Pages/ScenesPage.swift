import AtlasModel
import Tables
import Templates

extension SinglePage {
    /// Only in editions with scenes.
    static let scenes = SinglePage(
        name: "scenes", title: "Scenes", exists: { !$0.edition.scenes.isEmpty },
        navigation: { _ in "Scenes" }, sentence: { ScenesText.sentence($0.edition) },
        make: { [try $0.scenesPage()] })
}

/// What pages say of all scenes.
enum ScenesText {
    /// `503 scenes, put together from 5,213 pictures that show the same ground.`
    static func sentence(_ edition: Edition) -> String {
        let pictures = edition.scenes.reduce(0) { $0 + $1.tiles.count }
        let scenes = Figures.counted(edition.scenes.count, "scene", "scenes")
        return "\(scenes), put together from \(Figures.pictures(pictures)) of the same ground."
    }
}

extension Pages {
    /// Largest number of scenes on the page.
    private static let scenesShown = 1_000
    /// Longest side of a mosaic on the page, in pixels.
    private static let shownSide = 168

    /// `scenes.html`: all scenes, largest first.
    func scenesPage() throws -> File {
        let facts = edition.scenes.map { SceneFacts(edition: edition, scene: $0) }
        let shown = facts.indices.prefix(Self.scenesShown)
        let types = (edition.plates.map(Optional.some) + [nil]).compactMap { type -> Value? in
            let count = shown.count { facts[$0].types.contains { $0.type == type } }
            guard count > 0 else { return nil }
            return ["sign": layout.signs[type].value, "scenes": .text(Figures.count(count))]
        }
        let differing = shown.count { facts[$0].differing > 0 }
        return try page(
            .scenes,
            [
                "sentence": .text(ScenesText.sentence(edition)),
                "more": .text(
                    shown.count < facts.count
                        ? "The largest \(Figures.count(shown.count)) are shown; the table has all."
                        : ""),
                "csv": .text(Self.sceneListPath),
                "count": .text(Figures.counted(shown.count, "scene", "scenes")),
                "types": .list(types), "differing": .text(Figures.count(differing)),
                "hasDiffering": .flag(differing > 0),
                "scenes": .list(shown.map { scene($0, facts[$0]) }),
            ])
    }

    private func scene(_ index: Int, _ facts: SceneFacts) -> Value {
        let scene = facts.scene
        let longest = max(scene.width, scene.height)
        let (steps, parts) =
            longest <= Self.shownSide
            ? (Self.shownSide / longest, 1) : (Self.shownSide, longest)
        return [
            "href": .text(layout.scenes.pages[index]), "src": .text(layout.scenes.mosaics[index]),
            "width": .text("\(max(1, scene.width * steps / parts))"),
            "height": .text("\(max(1, scene.height * steps / parts))"),
            "isEnlarged": .flag(parts == 1),
            "pictures": .text(Figures.pictures(scene.tiles.count)),
            "types": .list(facts.types.map { layout.signs[$0.type].value }),
            "differing": .text(
                facts.differing == 0
                    ? "" : "\(Figures.count(facts.differing)) taken for another type"),
        ]
    }

    private static let sceneListPath = "scenes.csv"

    /// `scenes.csv`: where each picture lies in its scene.
    func sceneList() -> File {
        let header = [
            "scene", "key", "top", "left", "mirrored", "turned", "label", "predicted type",
        ]
        var csv = Array(CSV.line(header).utf8)
        for (page, scene) in zip(layout.scenes.pages, layout.scenes.scenes) {
            for tile in scene.tiles {
                let image = edition.images[tile.picture]
                let predicted = edition.prediction(of: tile.picture)?.predicted
                let row = [
                    page, image.key, "\(tile.top)", "\(tile.left)",
                    tile.symmetry.number < 4 ? "no" : "yes",
                    "\(tile.symmetry.number % 4 * 90)",
                    image.label.map { edition.rockTypes[$0].label } ?? "",
                    predicted.map { edition.rockTypes[$0].label } ?? "",
                ]
                csv += CSV.line(row).utf8
            }
        }
        return File(path: Self.sceneListPath, bytes: csv)
    }
}

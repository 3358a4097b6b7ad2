import AtlasModel
import Files
import Fingerprint
import Parallel
import Templates

extension PageKind {
    static let scene = PageKind(
        name: "scene", paths: { $0.layout.scenes.pages }, links: { _ in [] }, rows: { _ in [] },
        making: .each(
            { try $0.scenePage($1) }, samples: { $0.layout.sampleScenes },
            sources: { try $0.scenePageSources($2, of: $1) }))
}

extension Layout {
    /// The largest scene, and the first of each other sort: of one type or several, with pictures that
    /// are taken for another type or without.
    fileprivate var sampleScenes: [Int] {
        var seen: Set<[Bool]> = []
        return scenes.scenes.indices.filter { index in
            let facts = SceneFacts(edition: edition, scene: scenes.scenes[index])
            return seen.insert([facts.types.count > 1, facts.differing > 0]).inserted
        }
    }
}

extension Pages {
    /// The page of a scene: the mosaic, its tiles over it, and the list of its pictures.
    func scenePage(_ index: Int) throws -> File {
        let scene = layout.scenes.scenes[index]
        let facts = SceneFacts(edition: edition, scene: scene)
        let path = layout.scenes.pages[index]
        let root = AtlasPaths.wayUp(from: path)
        let name = "Scene of \(Figures.pictures(scene.tiles.count))"
        let values: Value = [
            "heading": .text(name),
            "types": .list(
                facts.types.map { type, count in
                    [
                        "sign": layout.signs[type].value,
                        "pictures": .text(Figures.pictures(count)),
                    ]
                }),
            "sentence": .text(facts.sentence),
            "isClassified": .flag(edition.classifier != nil),
            "alt": .text(
                "Mosaic of \(Figures.pictures(scene.tiles.count)) of \(facts.names(layout.signs).lowercasedFirst)"
            ),
            "src": .text(Paths.name(of: layout.scenes.mosaics[index])),
            "width": .text("\(scene.width)"), "height": .text("\(scene.height)"),
            "facts": .list([
                fact("Size", Figures.size(scene.width, scene.height)),
                fact("Pairs of the same ground", Figures.count(scene.pairs)),
                fact("Left out as contradicting", Figures.count(scene.contradicting)),
                fact(
                    "Residual", "\(Figures.decimal(scene.residual, places: 2))\(Figures.thin)px"),
            ]),
            "tiles": .list(scene.tiles.map { tile($0, of: scene, facts, root: root) }),
        ]
        return try page(
            .scene, path: path, title: "\(name), \(facts.names(layout.signs).lowercasedFirst)",
            values)
    }

    /// - Parameter root: the way from the page to the root of the atlas.
    private func tile(_ tile: Scene.Tile, of scene: Scene, _ facts: SceneFacts, root: String)
        -> Value
    {
        let image = edition.images[tile.picture]
        let prediction = edition.prediction(of: tile.picture)
        let side = ModelVectors.side
        func share(_ part: Int, of whole: Int) -> Value {
            .text(Figures.decimal(100 * Double(part) / Double(whole), places: 3))
        }
        return [
            "href": .text(root + layout.paths.places[tile.picture].page),
            "stem": .text(image.stem),
            "sign": layout.signs[image.label].value,
            "predicted": layout.signs[prediction?.predicted].value,
            "probability": .text(prediction.map { Figures.probability($0.confidence) } ?? ""),
            "differs": .flag(edition.differs(tile.picture)),
            "isLabelled": .flag(image.label != nil),
            "left": share(tile.left, of: scene.width), "top": share(tile.top, of: scene.height),
            "wide": share(side, of: scene.width), "high": share(side, of: scene.height),
        ]
    }

    /// For each scene a digest of everything that its page shows.
    func scenePageSources(
        _ workers: Workers, of share: Share = .whole
    ) throws -> [Fingerprint] {
        let common = commonSource
        let own = share.range(of: layout.scenes.scenes.count)
        return try workers.map(own.count) { place in
            let index = own.lowerBound + place
            let scene = layout.scenes.scenes[index]
            var source = SourceDigest()
            source.add(common)
            source.add(layout.scenes.pages[index])
            source.add(scene.pairs)
            source.add(scene.contradicting)
            source.add(scene.residual.bitPattern)
            for tile in scene.tiles {
                source.add(tile.top)
                source.add(tile.left)
                source.add(layout.paths.places[tile.picture].page)
                source.add(edition.images[tile.picture].key)
                source.add(edition.images[tile.picture].label ?? -1)
                let prediction = edition.prediction(of: tile.picture)
                source.add(prediction?.predicted ?? -1)
                source.add(UInt64(prediction?.confidence.bitPattern ?? 0))
            }
            return source.digest
        }
    }

    /// Where in its scene a picture lies, as a list with one value; empty outside all scenes.
    func placeInScene(_ index: Int) -> [Value] {
        guard let place = layout.scenes.places[index] else { return [] }
        let scene = layout.scenes.scenes[place.scene]
        let tile = scene.tiles[place.tile]
        let way = layout.paths.places[index].wayToRoot
        return [
            [
                "href": .text(way + layout.scenes.pages[place.scene]),
                "src": .text(way + layout.scenes.mosaics[place.scene]),
                "width": .text("\(scene.width)"), "height": .text("\(scene.height)"),
                "left": .text("\(tile.left)"), "top": .text("\(tile.top)"),
                "count": .text(Figures.count(scene.tiles.count)),
            ]
        ]
    }

    /// What `placeInScene` shows.
    func addScene(_ index: Int, to source: inout SourceDigest) {
        guard let place = layout.scenes.places[index] else { return }
        let scene = layout.scenes.scenes[place.scene]
        source.add(layout.scenes.pages[place.scene])
        for number in [
            scene.width, scene.height, scene.tiles.count, scene.tiles[place.tile].left,
            scene.tiles[place.tile].top,
        ] {
            source.add(number)
        }
    }
}

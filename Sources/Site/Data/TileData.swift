import AtlasModel

/// What the wall of a plate reads, the same on all its pages:
///
///     GEO.types = …;
///     GEO.plate = {type: 0, folder: "andesite", columns: 14, size: 252, sheets: [[path, rows], …]};
///     GEO.tiles = [tile, …];
///
/// A tile is `[stem, predicted class, probability, margin, cluster from 1, where, look, label]`.
/// Probability and margin, the distance of the two highest probabilities, are calibrated and in
/// thousandths. `where` without a slash is the shard: the page is `where/` + the stem in small
/// letters + `.html`, relative to the plate's page. With a slash it is the page's address itself.
///
/// Tiles are those of the plate in key order, without the last values: number n is tile n % size of
/// sheet n / size. A plate of photographs has no sheets of its own, and each tile a look,
/// `[width / height, path of the picture]`. Then come pictures of other labels that are predicted as
/// this type, in key order, with a look, `[sheet, tile]` or that of photographs, and their label: a
/// class, or -1 without one. `type` is -1 on the plate of pictures without a label.
enum TileData {
    static func file(_ plate: Layout.Plate, _ layout: Layout) -> File {
        let sheets = Sheets(plate, layout)
        var script = Script()
        layout.addTypes(to: &script)
        script.add("GEO.plate={type:\(plate.type ?? -1),folder:")
        script.add(text: plate.folder)
        script.add(",columns:\(Layout.wallColumns),size:\(Layout.pageSize),sheets:")
        script.add(list: sheets.sprites) { script, sprite in
            script.add("[")
            script.add(text: sprite.path)
            script.add(",\(sprite.rows)]")
        }
        script.add("};\nGEO.tiles=[")
        for (place, index) in (plate.members + plate.taken).enumerated() {
            if place > 0 { script.add(",") }
            script.add("[")
            script.add(values: index, on: plate, layout)
            let isOwn = place < plate.members.count
            if !isOwn || plate.isPhotographic {
                script.add(",")
                script.add(look: index, plate, sheets, layout)
            }
            if !isOwn { script.add(",\(layout.edition.images[index].label ?? -1)") }
            script.add("]")
        }
        script.add("];\n")
        return script.file("\(plate.folder)-wall")
    }

    /// The sprites that the tiles of a plate are cut from: its own, then those of other plates.
    fileprivate struct Sheets {
        private(set) var sprites: [Sprite]
        private var numbers: [String: Int] = [:]

        init(_ plate: Layout.Plate, _ layout: Layout) {
            sprites = plate.pages.compactMap(\.sprite)
            guard !plate.isPhotographic else { return }
            for sprite in plate.taken.compactMap({ layout.tile(of: $0)?.sprite })
            where numbers[sprite.path] == nil {
                numbers[sprite.path] = sprites.count
                sprites.append(sprite)
            }
        }

        func number(of sprite: Sprite) -> Int? { numbers[sprite.path] }
    }
}

extension Layout {
    /// The sprite that shows a picture on its plate, and its place there; `nil` for photographs.
    func tile(of index: Int) -> (sprite: Sprite, place: Int)? {
        let (plate, position) = places[index]
        return plates[plate].pages[position / Self.pageSize].sprite.map {
            ($0, position % Self.pageSize)
        }
    }
}

extension Script {
    fileprivate mutating func add(values index: Int, on plate: Layout.Plate, _ layout: Layout) {
        let stem = layout.edition.images[index].stem
        let prediction = layout.edition.predictions[index]
        add(text: stem)
        add(",\(prediction.predicted),\(thousandths(prediction.confidence))")
        add(",\(thousandths(prediction.margin))")
        add(",\(layout.edition.clustering.assignments[index] + 1),")
        let place = layout.paths.places[index]
        if place.folder != plate.folder {
            add(text: "../" + place.page)
        } else if stem.lowercased() == place.name {
            add(text: place.shard)
        } else {
            add(text: "\(place.shard)/\(place.name).html")
        }
    }

    /// A network never knows, so no probability is written as 1.
    private func thousandths(_ probability: Float) -> Int {
        min(999, Int((1_000 * probability).rounded()))
    }

    fileprivate mutating func add(
        look index: Int, _ plate: Layout.Plate, _ sheets: TileData.Sheets, _ layout: Layout
    ) {
        if let (sprite, place) = layout.tile(of: index), let sheet = sheets.number(of: sprite) {
            add("[\(sheet),\(place)]")
            return
        }
        let image = layout.edition.images[index]
        let size = image.thumbnailSize ?? (image.width, image.height)
        add("[\(Figures.decimal(Double(size.width) / Double(size.height), places: 3)),")
        add(text: layout.preview(of: index))
        add("]")
    }
}

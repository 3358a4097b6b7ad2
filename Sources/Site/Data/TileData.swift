import AtlasModel

/// The data of the wall of a plate, the same on all pages of the plate:
///
///     GEO.types = …;
///     GEO.plate = {type: 0, folder: "andesite", columns: 14, size: 252, sheets: [[path, rows], …],
///                  names: {folder: label, …}, format: "jpg", formats: {12: "png", …}};
///     GEO.tiles = [tile, …];
///
/// A tile is an array of the values of `TileValue`, in its order. `templates/tiles.js` gives them
/// the same names. `type` is -1 on the plate of pictures without a label.
///
/// `format` is the extension of the published files, `formats` that of the tiles that have another.
///
/// The tiles of the plate come first, in key order: tile number n is tile n % size of sheet n / size. They
/// have no `label`, and without photographs no `look`. Photographs have it, because a few of them, or
/// those in another order, are loaded one by one. Pictures of other labels that are predicted as this
/// type follow, in key order, with all values.
enum TileData {
    static func file(_ plate: Layout.Plate, _ layout: Layout) -> File {
        let sheets = Sheets(plate, layout)
        var script = Script()
        layout.addTypes(to: &script)
        script.add("GEO.plate={type:\(plate.type ?? -1),folder:")
        script.add(text: plate.folder)
        script.add(",columns:\(plate.columns),size:\(plate.sheet),sheets:")
        script.add(list: sheets.sprites) { script, sprite in
            script.add("[")
            script.add(text: sprite.path)
            script.add(",\(sprite.rows)]")
        }
        script.add(",names:{")
        script.add(keyLabelsOf: plate.members + plate.onlyPredicted, layout)
        script.add("},")
        script.add(formatsOf: plate.members + plate.onlyPredicted, layout)
        script.add("};\nGEO.tiles=[")
        for (place, index) in (plate.members + plate.onlyPredicted).enumerated() {
            if place > 0 { script.add(",") }
            let isOwn = place < plate.members.count
            let last: TileValue =
                isOwn ? (plate.isPhotographic ? .look : .page) : .label
            let tile = Tile(index: index, plate: plate, sheets: sheets, layout: layout)
            script.add(list: TileValue.allCases.prefix { $0 != last } + [last]) { script, value in
                script.add(value, of: tile)
            }
        }
        script.add("];\n")
        return script.file("\(plate.folder)-wall")
    }

    /// The sprites that contain the tiles of a plate: those of the plate, then those of other
    /// plates.
    fileprivate struct Sheets {
        private(set) var sprites: [Sprite]
        private var numbers: [String: Int] = [:]

        init(_ plate: Layout.Plate, _ layout: Layout) {
            sprites = plate.pages.flatMap(\.sprites)
            guard !plate.isPhotographic else { return }
            for sprite in plate.onlyPredicted.compactMap({ layout.tile(of: $0)?.sprite })
            where numbers[sprite.path] == nil {
                numbers[sprite.path] = sprites.count
                sprites.append(sprite)
            }
        }

        func number(of sprite: Sprite) -> Int? { numbers[sprite.path] }
    }
}

extension Layout {
    /// The sprite with a picture on its plate, and the position in the sprite; `nil` for
    /// photographs.
    func tile(of index: Int) -> (sprite: Sprite, place: Int)? {
        let (plate, position) = places[index]
        guard !plates[plate].isPhotographic else { return nil }
        return plates[plate].pages[position / Self.pageSize].sprites.first.map {
            ($0, position % Self.pageSize)
        }
    }
}

/// The values of a tile, in the order in which the data contain them.
enum TileValue: String, CaseIterable {
    /// Name of the file without extension.
    case stem
    /// Predicted class; -1 without a network, and then the next two are 0.
    case predicted
    /// Probability of the predicted class, calibrated, in thousandths.
    case probability
    /// Difference of the two highest probabilities, calibrated, in thousandths.
    case margin
    /// Number of the K-Means cluster, from 1.
    case cluster
    /// Address of the page, relative to the plate's page. Without `.html` it is the shard, and the
    /// address is the shard + `/` + the stem in lower case + `.html`.
    case page
    /// `[sheet, tile]`, or for a photograph the path of its thumbnail.
    case look
    /// Class of the label; -1 without a label.
    case label
}

/// A picture as a plate shows it.
private struct Tile {
    let index: Int
    let plate: Layout.Plate
    let sheets: TileData.Sheets
    let layout: Layout

    var image: ImageRecord { layout.edition.images[index] }
    var prediction: Prediction? { layout.edition.prediction(of: index) }

    /// See `TileValue.page`.
    var page: String {
        let place = layout.paths.places[index]
        if place.folder != plate.folder { return "../" + place.page }
        if image.stem.lowercased() == place.name { return place.shard }
        return "\(place.shard)/\(place.name).html"
    }
}

extension Script {
    /// Adds the folders of pages whose pictures have another label in their keys: `"white_marble":"White marble"`.
    mutating func add(keyLabelsOf pictures: [Int], _ layout: Layout) {
        var labels: [String: String] = [:]
        for index in pictures {
            let folder = layout.paths.places[index].folder
            let label = layout.edition.images[index].key.labelOfKey
            if label != folder { labels[folder] = label }
        }
        for (place, name) in labels.sorted(by: { $0.key < $1.key }).enumerated() {
            if place > 0 { add(",") }
            add(text: name.key)
            add(":")
            add(text: name.value)
        }
    }

    /// Adds the extension that most files have, and those of the others by their place.
    mutating func add(formatsOf tiles: [Int], _ layout: Layout) {
        let formats = tiles.map { layout.edition.images[$0].published.fileExtension }
        let counts = Dictionary(formats.map { ($0, 1) }, uniquingKeysWith: +)
        let common = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
        add("format:")
        add(text: common)
        add(",formats:{")
        let others = formats.enumerated().filter { $0.element != common }
        for (count, other) in others.enumerated() {
            if count > 0 { add(",") }
            add("\(other.offset):")
            add(text: other.element)
        }
        add("}")
    }

    fileprivate mutating func add(_ value: TileValue, of tile: Tile) {
        switch value {
        case .stem: add(text: tile.image.stem)
        case .predicted: add("\(tile.prediction?.predicted ?? -1)")
        case .probability: add("\(thousandths(tile.prediction?.confidence ?? 0))")
        case .margin: add("\(thousandths(tile.prediction?.margin ?? 0))")
        case .cluster:
            let layout = tile.layout
            let cluster = layout.edition.clustering.assignments[tile.index] + 1
            add("\(layout.sealed.contains(tile.index) ? 0 : cluster)")
        case .page: add(text: tile.page)
        case .look: add(lookOf: tile)
        case .label: add("\(tile.image.label ?? -1)")
        }
    }

    /// A network is never certain, so no probability is written as 1.
    private func thousandths(_ probability: Float) -> Int {
        min(999, Int((1_000 * probability).rounded()))
    }

    private mutating func add(lookOf tile: Tile) {
        let layout = tile.layout
        if let (sprite, place) = layout.tile(of: tile.index),
            let sheet = tile.sheets.number(of: sprite)
        {
            add("[\(sheet),\(place)]")
            return
        }
        add(text: layout.preview(of: tile.index))
    }
}

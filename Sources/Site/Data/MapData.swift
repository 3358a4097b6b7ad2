import AtlasModel

/// The data of the map:
///
///     GEO.types = …;
///     GEO.map = {columns: 182, count: 26398, shape: 1.21, cells: 18, tile: 504, smallest: 28,
///                levels: [[11, "0-0.3f2a91bc01 1-0.…"], …], folders: ["andesite", …],
///                label: [1, "AAEC…"], …, regions: [[31, 46.5, 15.5, 310, 5021, "Andesite", "290 of 310"], …], further: [["fact-0", "Locality", 0, "data/map-fact-0.….js"], …],
///                keys: {folder: label, …}, format: "jpg", formats: {12: "png", …}, names: "…"};
///     GEO.mapColumns = {};
///
/// All lists are in the order of cells, row by row. A list of numbers is `[bytes, text]`, see `PackedNumbers`.
/// `shape` is the width of the plane of true positions by its height. `levels` are the tiles: how many in
/// a row, and their names (`MapTile.name`). `regions` are the names of regions (`MapNames`): side of
/// a block, place, number of pictures, cell of the representative picture, name, and what else is told. `further` are columns in scripts that are loaded
/// later (`MapColumn`): name, title, whether the values are numbers, path. `keys` has the folders of pages
/// whose pictures have another label in their keys, `format` the extension of the published files, and
/// `formats` that of the cells that have another.
///
/// `names` has a line for each picture. `06 1B67X` is the shard and the stem; the page is
/// `<folder of its label>/06/1b67x.html`. A page that lies elsewhere follows after a tab, without `.html`.
enum MapData {
    static func file(
        _ map: MapLayout, _ layout: Layout, _ words: MapWords, _ pictures: PictureSource,
        columns further: [MapColumn]
    ) -> File {
        let edition = layout.edition
        let order = map.pictures
        var script = Script()
        layout.addTypes(to: &script)
        let (places, shape) = planes(map.map)
        script.add(
            "GEO.map={columns:\(map.map.columns),count:\(order.count),"
                + "shape:\(Figures.decimal(shape, places: 4)),cells:\(MapTile.cells),"
                + "tile:\(MapTile.side),clusters:\(edition.clustering.k),levels:")
        script.add(list: map.levels) { script, level in
            script.add("[\(level.columns),")
            let names = level.tiles.map(\.name)
            script.add(text: names.joined(separator: " "))
            script.add("]")
        }
        script.add(",folders:")
        script.add(list: layout.signs.types) {
            $0.add(text: layout.paths.folder(of: $1.label))
        }
        let predictions = order.map { edition.prediction(of: $0) }
        let colours = order.map { colour(of: pictures.vector($0)) }
        let columns: [(name: String, values: [Int?])] = [
            ("label", order.map { edition.images[$0].label }),
            ("predicted", predictions.map { $0?.predicted }),
            (
                "probability",
                predictions.map { $0.map { min(999, Int((1_000 * $0.confidence).rounded())) } }
            ),
            (
                "cluster",
                order.map { layout.sealed.contains($0) ? nil : edition.clustering.assignments[$0] }
            ),
            ("x", order.map { places[$0].x }), ("y", order.map { places[$0].y }),
            ("colour", colours),
            ("look", order.map { look(of: $0, layout) }),
        ]
        for (name, values) in columns {
            let packed = PackedNumbers(values)
            script.add(",\(name):[\(packed.bytes),\"\(packed.text)\"]")
        }
        script.add(",regions:")
        script.add(list: MapNames(map, layout, words).names) { script, name in
            script.add(
                "[\(name.side),\(Figures.decimal(name.x, places: 1)),\(Figures.decimal(name.y, places: 1)),"
                    + "\(name.count),\(name.cell),")
            script.add(text: name.title)
            script.add(",")
            script.add(text: name.more)
            script.add("]")
        }
        script.add(",further:")
        script.add(list: further) { script, column in
            script.add("[")
            script.add(text: column.id)
            script.add(",")
            script.add(text: column.title)
            script.add(column.isNumber ? ",1," : ",0,")
            script.add(text: column.file.path)
            script.add("]")
        }
        script.add(",keys:{")
        script.add(keyLabelsOf: order, layout)
        script.add("},")
        script.add(formatsOf: order, layout)
        script.add(",names:")
        script.add(text: order.map { name(of: $0, layout) }.joined(separator: "\n"))
        script.add("};\nGEO.mapColumns={};\n")
        return script.file("map")
    }

    /// The places as whole numbers from 0 to 65,534, and the width of the plane by its height.
    private static func planes(_ map: PictureMap) -> (places: [(x: Int, y: Int)], shape: Double) {
        guard let first = map.places.first else { return ([], 1) }
        let low = map.places.reduce(first) { pointwiseMin($0, $1) }
        let high = map.places.reduce(first) { pointwiseMax($0, $1) }
        let size = SIMD2<Double>(high - low)
        func whole(_ part: Double) -> Int { Int((part * 65_534).rounded()) }
        let places = map.places.map { place in
            let part = SIMD2<Double>(place - low)
            return (
                x: size.x > 0 ? whole(part.x / size.x) : 32_767,
                y: size.y > 0 ? whole(part.y / size.y) : 32_767
            )
        }
        return (places, size.min() > 0 ? min(4, max(0.25, size.x / size.y)) : 1)
    }

    /// The mean colour of a picture: 5, 6 and 5 bits of red, green and blue. The lightest white is one
    /// darker, because the largest number means none.
    private static func colour(of vector: [UInt8]) -> Int {
        var sums = (0, 0, 0)
        for start in stride(from: 0, to: vector.count, by: 3) {
            sums.0 += Int(vector[start])
            sums.1 += Int(vector[start + 1])
            sums.2 += Int(vector[start + 2])
        }
        let all = 256 * (vector.count / 3)
        let (red, green, blue) = (sums.0 * 32 / all, sums.1 * 64 / all, sums.2 * 32 / all)
        return min(65_534, (red << 11) | (green << 5) | blue)
    }

    /// Where its larger picture is: none, because the tile shows all of it; the thumbnail; or the file, by
    /// its ending.
    private static func look(of index: Int, _ layout: Layout) -> Int? {
        let image = layout.edition.images[index]
        if image.width == ModelVectors.side, image.height == ModelVectors.side { return nil }
        if image.thumbnailSize != nil { return 0 }
        return [PictureFormat.jpeg, .png, .webp].firstIndex(of: image.published).map { $0 + 1 }
    }

    private static func name(of index: Int, _ layout: Layout) -> String {
        let place = layout.paths.places[index]
        let given = layout.stems[index]
        // Nearly no stem has a control character, and to replace characters is slow.
        let hasControl = given.utf8.contains { $0 < 0x20 }
        let stem =
            hasControl
            ? given.replacing("\n", with: " ").replacing("\t", with: " ") : given
        let line = "\(place.shard) \(stem)"
        let folder = layout.labels[index].map {
            layout.paths.folder(of: layout.signs.types[$0].label)
        }
        if place.folder == folder, place.name == given.lowercased() { return line }
        return "\(line)\t\(place.page.dropLast(".html".count))"
    }
}

import AtlasModel
import Templates

extension SinglePage {
    /// Unless the settings want no map.
    static let map = SinglePage(
        name: "map", title: "Map of likeness", exists: { $0.layout.map != nil },
        navigation: { _ in "Map" },
        sentence: { contents in
            "\(Figures.pictures(contents.edition.images.count)) on one sheet, the like beside the like."
        }, make: { try $0.mapPage() })
}

extension Pages {
    /// Number of types that are named for a region.
    private static let regionTypes = 3

    /// `map.html`: the map, its data and further columns, and the same as a table of regions.
    func mapPage() throws -> [File] {
        guard let map = layout.map else { return [] }
        let columns = MapColumn.all(map, layout)
        let words = map.words(layout)
        let data = MapData.file(map, layout, words, pictures, columns: columns)
        let counts = edition.types(of: Array(edition.images.indices))
        // A type without pictures may be predicted.
        let types = edition.plates.map(Optional.some) + counts.map(\.type).filter { $0 == nil }
        let labels = types.map { type in
            Value.group([
                ("sign", layout.signs[type].value),
                ("pictures", .text(Figures.count(counts.first { $0.type == type }?.count ?? 0))),
            ])
        }
        let differing = edition.images.indices.count(where: edition.differs)
        let page = try page(
            .map,
            [
                "sentence": .text(
                    "\(Figures.pictures(edition.images.count)). Near one another lie look-alikes by "
                        + "\(map.map.model.title); directions, and distances between groups, mean little."
                ),
                "count": .text(Figures.pictures(edition.images.count)),
                "labels": .list(labels), "hasPredictions": .flag(edition.classifier != nil),
                "differing": .text(Figures.count(differing)),
                "columns": .list(
                    columns.map { ["id": .text($0.id), "title": .text($0.title)] }),
                "clusters": .text(edition.clustering.k > 1 ? "\(edition.clustering.k)" : ""),
                "regions": .list(MapRegions(map, words).regions.map(region)),
            ], scripts: [data.path])
        return [page, data] + columns.map(\.file)
    }

    private func region(_ region: MapRegions.Region) -> Value {
        let shown = edition.types(of: region.pictures).enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        let differing = region.pictures.count(where: edition.differs)
        return [
            "name": .text(region.name),
            "at": .text(
                "\(Figures.decimal(region.middle.column, places: 1)),"
                    + "\(Figures.decimal(region.middle.row, places: 1)),\(region.width)"),
            "pictures": .text(Figures.count(region.pictures.count)),
            "types": .list(
                shown.prefix(Self.regionTypes).map {
                    [
                        "sign": layout.signs[$0.element.type].value,
                        "pictures": .text(Figures.count($0.element.count)),
                    ]
                }),
            "more": .text(
                shown.count > Self.regionTypes
                    ? Figures.counted(
                        shown.count - Self.regionTypes, "other type", "other types") : ""),
            "words": .text(region.words.joined(separator: ", ")),
            "differing": .text(edition.classifier == nil ? "" : Figures.count(differing)),
            "href": .text(layout.paths.places[region.typical].page),
            "typical": .text(layout.title(of: region.typical)),
        ]
    }
}

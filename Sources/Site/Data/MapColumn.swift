import AtlasModel
import Foundation

/// What the map knows of its pictures besides, in a script of its own that is loaded when a reader asks for it:
///
///     GEO.mapColumns["fact-0"] = {values: ["", "Quarry north", …], places: [1, "AAEB…"]};
///
/// The distinct values, and for each cell of the map, in their order, the place of its value among them as a
/// packed list (`PackedNumbers`). The first value is empty: nothing is known.
struct MapColumn: Sendable {
    /// Its name in the data and in addresses: `fact-0`.
    let id: String
    let title: String
    /// Whether its values are numbers.
    let isNumber: Bool
    let file: File

    /// All columns, in the order in which readers are offered them.
    static func all(_ map: MapLayout, _ layout: Layout) -> [MapColumn] {
        scenes(map, layout) + agreements(map, layout) + facts(map, layout)
    }

    /// A column for each field of the metadata of which a picture has a value.
    static func facts(_ map: MapLayout, _ layout: Layout) -> [MapColumn] {
        let metadata = layout.known
        return metadata.fields.indices.compactMap { place in
            let (values, numbers) = metadata.distinctValues(of: place, among: map.pictures)
            guard values.count > 1 else { return nil }
            let field = metadata.fields[place]
            return MapColumn(
                id: "fact-\(place)", title: field.name, isNumber: field.kind.isNumber, values,
                numbers)
        }
    }

    /// The scene of each picture, by the name of its first picture; none without scenes.
    static func scenes(_ map: MapLayout, _ layout: Layout) -> [MapColumn] {
        let scenes = layout.scenes
        guard !scenes.scenes.isEmpty else { return [] }
        return [
            MapColumn(
                id: "scene", title: "Scene", isNumber: false,
                [""] + scenes.scenes.map { "Scene of \(layout.title(of: $0.tiles[0].picture))" },
                map.pictures.map { scenes.places[$0].map { $0.scene + 1 } ?? 0 })
        ]
    }

    /// For each two models that pages show, how many targets they have in common. Nothing is told of candidates
    /// of a sealed trial.
    static func agreements(_ map: MapLayout, _ layout: Layout) -> [MapColumn] {
        let tables = layout.edition.shown
        let top = layout.edition.top
        func targets(_ table: Neighbours, _ picture: Int) -> Set<Int> {
            Set(table.matches[picture].prefix(top).map(\.target))
        }
        return tables.enumerated().flatMap { place, first in
            tables.dropFirst(place + 1).map { second in
                MapColumn(
                    id: "common-\(first.model.id)-\(second.model.id)",
                    title: "Look-alikes that \(first.model.title) and \(second.model.title) share",
                    isNumber: true, [""] + (0...top).map(String.init),
                    map.pictures.map { picture in
                        layout.sealed.contains(picture)
                            ? 0
                            : 1
                                + targets(first, picture).intersection(targets(second, picture))
                                .count
                    })
            }
        }
    }

    private init(
        id: String, title: String, isNumber: Bool, _ values: [String], _ places: [Int]
    ) {
        self.id = id
        self.title = title
        self.isNumber = isNumber
        let packed = PackedNumbers(places)
        var script = Script()
        script.add("GEO.mapColumns[")
        script.add(text: id)
        script.add("]={values:")
        script.add(list: values) { $0.add(text: $1) }
        script.add(",places:[\(packed.bytes),\"\(packed.text)\"]};\n")
        file = script.file("map-\(id)")
    }
}

/// A list of whole numbers as text: little-endian numbers of as few bytes as hold all, at most three, in Base64.
/// The largest number of these bytes means that there is none.
///
/// Example: `PackedNumbers([1, nil])` has `bytes` 1 and the text `Af8=`.
struct PackedNumbers: Sendable {
    let bytes: Int
    let text: String

    private static let most = 3

    /// - Parameter values: not negative, and less than 2²⁴ − 1.
    init(_ values: [Int?]) {
        let largest = values.reduce(0) { max($0, $1 ?? 0) }
        let bytes = (1...Self.most).first { largest < (1 << (8 * $0)) - 1 } ?? Self.most
        var data: [UInt8] = []
        data.reserveCapacity(values.count * bytes)
        for value in values {
            let number = value ?? (1 << (8 * bytes)) - 1
            for place in 0..<bytes { data.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
        }
        self.bytes = bytes
        text = Data(data).base64EncodedString()
    }
}

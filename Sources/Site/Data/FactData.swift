import AtlasModel

/// What is known of the pictures of a plate, for the filters of its wall:
///
///     GEO.facts = [[name, isNumber, [value, …], [place, …]], …];
///
/// For each field its distinct values, and for each tile of the plate's data (`TileData`), in the same
/// order, the place of its value among them. The first value is empty: nothing is known.
enum FactData {
    /// Letters of a value; more are of no use for finding a picture.
    private static let longestValue = 80

    /// `nil` when nothing is known of the pictures of a plate.
    static func file(_ plate: Layout.Plate, _ layout: Layout) -> File? {
        let fields = fields(plate, layout)
        guard !fields.isEmpty else { return nil }
        let metadata = layout.edition.metadata
        var script = Script()
        script.add("GEO.facts=")
        script.add(list: fields) { script, place in
            var numbers = ["": 0]
            var values = [""]
            let tiles = (plate.members + plate.onlyPredicted).map { index -> Int in
                let value = String(metadata.values[place][index].prefix(longestValue))
                if let number = numbers[value] { return number }
                numbers[value] = values.count
                values.append(value)
                return values.count - 1
            }
            script.add("[")
            script.add(text: metadata.fields[place].name)
            script.add(metadata.fields[place].kind.isNumber ? ",1," : ",0,")
            script.add(list: values) { $0.add(text: $1) }
            script.add(",")
            script.add(list: tiles) { $0.add("\($1)") }
            script.add("]")
        }
        script.add(";\n")
        return script.file("\(plate.folder)-facts")
    }

    /// The fields of which a picture of the plate has a value, as places in the metadata.
    static func fields(_ plate: Layout.Plate, _ layout: Layout) -> [Int] {
        let values = layout.edition.metadata.values
        return values.indices.filter { place in
            plate.members.contains { !values[place][$0].isEmpty }
        }
    }
}

import AtlasModel

/// What is known of the pictures of a plate, for the filters of its wall:
///
///     GEO.facts = [[name, isNumber, [value, …], [place, …]], …];
///
/// For each field its distinct values, and for each tile of the plate's data (`TileData`), in the same
/// order, the place of its value among them. The first value is empty: nothing is known.
struct FactData: Sendable {
    /// The fields of which a picture of the plate has a value, as places in the metadata.
    let fields: [Int]
    let file: File

    /// `nil` when nothing is known of the pictures of a plate.
    init?(_ plate: Layout.Plate, _ layout: Layout) {
        let metadata = layout.known
        fields = metadata.values.indices.filter { place in
            plate.members.contains { !metadata.values[place][$0].isEmpty }
        }
        guard !fields.isEmpty else { return nil }
        var script = Script()
        script.add("GEO.facts=")
        script.add(list: fields) { script, place in
            let (values, tiles) = metadata.distinctValues(
                of: place, among: plate.members + plate.onlyPredicted)
            script.add("[")
            script.add(text: metadata.fields[place].name)
            script.add(metadata.fields[place].kind.isNumber ? ",1," : ",0,")
            script.add(list: values) { $0.add(text: $1) }
            script.add(",")
            script.add(list: tiles) { $0.add("\($1)") }
            script.add("]")
        }
        script.add(";\n")
        file = script.file("\(plate.folder)-facts")
    }
}

extension Metadata {
    /// Letters of a value; more are of no use for finding a picture.
    private static let longestValue = 80

    /// The distinct values of a field, shortened, and for each picture the place of its value among them. The
    /// first value is empty, the others are in the order in which the pictures have them.
    ///
    /// Example: `(["", "north", "south"], [1, 0, 2, 1])`.
    ///
    /// - Parameter field: its place in `fields`.
    func distinctValues(of field: Int, among pictures: [Int]) -> (values: [String], places: [Int]) {
        var numbers = ["": 0]
        var distinct = [""]
        let places = pictures.map { index -> Int in
            let value = values[field][index].shortened(to: Self.longestValue)
            if let number = numbers[value] { return number }
            numbers[value] = distinct.count
            distinct.append(value)
            return distinct.count - 1
        }
        return (distinct, places)
    }
}

/// The order of the pictures of a plate, in a script beside the pages of the plate:
///
///     GEO.order = ["10nfi", "113o7", …];
///
/// The page of a picture loads it to say which of how many pictures it shows. The page itself does
/// not hold these numbers. They change whenever a picture comes or goes, so every page of the plate
/// would have to be written and published again. For the same reason the name of the script does
/// not change with its content.
///
/// An entry is the name of the picture's page without `.html`. The folder of its label is in front
/// of it if it is not the folder of the plate, as with corrected labels: `gneiss/10nfi`. Names are
/// unique in a folder.
enum OrderData {
    static func file(_ plate: Layout.Plate, _ layout: Layout) -> File {
        var script = Script()
        script.add("GEO.order=")
        script.add(list: plate.members) { script, index in
            let place = layout.paths.places[index]
            script.add(
                text: place.folder == plate.folder ? place.name : "\(place.folder)/\(place.name)")
        }
        script.add(";\n")
        return File(path: "\(plate.folder)/order.js", bytes: script.bytes)
    }
}

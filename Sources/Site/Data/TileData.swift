import AtlasModel

/// What the wall of a plate's page reads, the pictures of that page only, in the order of its sprite
/// or of its list of photographs:
///
///     GEO.types = …;
///     GEO.tiles = [[stem, predicted class, probability, cluster from 1, where], …]
///
/// `where` without a slash is the shard: the page is `where/` + the stem in small letters + `.html`,
/// relative to the plate's page. With a slash it is the page's address itself.
enum TileData {
    static func file(_ plate: Layout.Plate, number: Int, _ layout: Layout) -> File {
        let page = plate.pages[number]
        var script = Script()
        layout.addTypes(to: &script)
        script.add("GEO.tiles=")
        script.add(list: plate.members[page.range]) { script, index in
            let stem = layout.edition.images[index].stem
            let prediction = layout.edition.predictions[index]
            script.add("[")
            script.add(text: stem)
            let probability = Figures.decimal(Double(prediction.confidence), places: 3)
            let cluster = layout.edition.clustering.assignments[index] + 1
            script.add(",\(prediction.predicted),\(probability),\(cluster),")
            script.add(text: address(of: index, stem, from: page.path, layout))
            script.add("]")
        }
        script.add(";\n")
        let folder = page.path.split(separator: "/")[0]
        return script.file("\(folder)-\(number + 1)")
    }

    private static func address(
        of index: Int, _ stem: String, from path: String, _ layout: Layout
    ) -> String {
        let place = layout.paths.places[index]
        guard path.hasPrefix(place.folder + "/") else { return "../" + place.page }
        return stem.lowercased() == place.name
            ? place.shard : "\(place.shard)/\(place.name).html"
    }
}

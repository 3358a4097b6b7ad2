import AtlasModel
import Statistics

/// `atlas.json`: all that the atlas says of its pictures, for programs. `docs/schema/atlas.schema.json`
/// describes it.
struct AtlasData {
    let layout: Layout

    static let path = "atlas.json"
    /// Pictures after which the size of the whole file is estimated.
    private static let sample = 100

    private var edition: Edition { layout.edition }

    var file: File {
        var json = Script()
        json.add("{\"version\":1,\"title\":")
        json.add(text: edition.title)
        json.add(",\"collection\":")
        json.add(text: edition.collection)
        json.add(",\n\"types\":")
        json.add(list: edition.rockTypes.indices) { addType($1, to: &$0) }
        json.add(",\n\"classifier\":")
        addClassifier(to: &json)
        json.add(",\n\"clusters\":")
        json.add(list: edition.clustering.sizes) { $0.add("\($1)") }
        json.add(",\n\"models\":")
        json.add(list: edition.neighbours) { addModel($1.model, to: &$0) }
        json.add(",\n\"scenes\":")
        json.add(list: layout.scenes.pages.indices) { addScene($1, to: &$0) }
        json.add(",\n\"pictures\":[")
        for index in edition.images.indices {
            json.add(index == 0 ? "\n" : ",\n")
            addPicture(index, to: &json)
            if index == Self.sample {
                json.reserve(json.bytes.count / Self.sample * edition.images.count)
            }
        }
        json.add("\n]}\n")
        return File(path: Self.path, bytes: json.bytes)
    }

    private func addType(_ type: Int, to json: inout Script) {
        json.add("{\"label\":")
        json.add(text: edition.rockTypes[type].label)
        json.add(",\"title\":")
        json.add(text: layout.signs[type].title)
        json.add("}")
    }

    private func addClassifier(to json: inout Script) {
        guard let classifier = edition.classifier else { return json.add("null") }
        json.add("{\"name\":")
        json.add(text: classifier.name)
        json.add(",\"judged\":\(classifier.judged.count),\"accuracy\":")
        json.add(classifier.test.accuracy.map { "\($0)" } ?? "null")
        json.add("}")
    }

    private func addModel(_ model: LikenessModel, to json: inout Script) {
        json.add("{\"id\":")
        json.add(text: model.id)
        json.add(",\"title\":")
        json.add(text: model.title)
        json.add("}")
    }

    private func addScene(_ scene: Int, to json: inout Script) {
        json.add("{\"page\":")
        json.add(text: layout.scenes.pages[scene])
        json.add(",\"mosaic\":")
        json.add(text: layout.scenes.mosaics[scene])
        json.add("}")
    }

    private func addPicture(_ index: Int, to json: inout Script) {
        let image = edition.images[index]
        json.add("{\"key\":")
        json.add(text: image.key)
        json.add(",\"page\":")
        json.add(text: layout.paths.places[index].page)
        json.add(",\"picture\":")
        json.add(text: layout.original(of: index))
        json.add(",\"width\":\(image.width),\"height\":\(image.height),\"label\":")
        json.add(image.label.map(String.init) ?? "null")
        json.add(",\"set\":\"\(image.split.rawValue)\"")
        if let prediction = edition.prediction(of: index) {
            json.add(",\"predicted\":\(prediction.predicted),\"probabilities\":")
            json.add(list: prediction.probabilities) { $0.add("\($1)") }
        }
        if let place = layout.scenes.places[index] {
            let tile = layout.scenes.scenes[place.scene].tiles[place.tile]
            json.add(
                ",\"scene\":{\"scene\":\(place.scene),\"top\":\(tile.top),\"left\":\(tile.left)}")
        }
        addIssues(index, to: &json)
        addMetadata(index, to: &json)
        addLikeness(index, to: &json)
        json.add("}")
    }

    private func addIssues(_ index: Int, to json: inout Script) {
        let issues = layout.issues(of: index)
        guard !issues.isEmpty else { return }
        json.add(",\"odd\":")
        json.add(list: issues) { $0.add(text: $1.rawValue) }
    }

    private func addMetadata(_ index: Int, to json: inout Script) {
        let metadata = edition.metadata
        let known = metadata.fields.indices.filter { !metadata.values[$0][index].isEmpty }
        guard !known.isEmpty else { return }
        json.add(",\"metadata\":{")
        for (place, field) in known.enumerated() {
            if place > 0 { json.add(",") }
            json.add(text: metadata.fields[field].name)
            json.add(":")
            json.add(text: metadata.values[field][index])
        }
        json.add("}")
    }

    /// Cluster and targets, except for a candidate of a sealed trial.
    private func addLikeness(_ index: Int, to json: inout Script) {
        guard let cluster = layout.cluster(of: index) else { return }
        json.add(",\"cluster\":\(cluster),\"alike\":{")
        for (place, neighbours) in edition.neighbours.enumerated() {
            if place > 0 { json.add(",") }
            json.add(text: neighbours.model.id)
            json.add(":")
            json.add(list: neighbours.matches[index]) { json, match in
                json.add("[")
                json.add(number: match.target)
                json.add(",")
                json.add(distance: match.distance)
                json.add(",")
                json.add(number: match.rotation)
                json.add("]")
            }
        }
        json.add("}")
    }
}

extension Script {
    /// Adds a distance, from 0 to 2, rounded to six decimal places: pages show four.
    fileprivate mutating func add(distance: Double) {
        let units = Int((distance * 1e6).rounded())
        add(number: units / 1_000_000)
        guard units % 1_000_000 > 0 else { return }
        add(".")
        add(number: units % 1_000_000, atLeast: 6)
        drop(last: UInt8(ascii: "0"))
    }
}

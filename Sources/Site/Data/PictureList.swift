import AtlasModel
import Tables

/// Lists for spreadsheets: a line for each picture with what the atlas says of it.
struct PictureList {
    let layout: Layout

    static let path = "pictures.csv"

    private var edition: Edition { layout.edition }

    /// All pictures: `pictures.csv`; and those of each plate, in the folder of its pages.
    var files: [File] {
        let header = CSV.line(Self.columns.map(\.name) + Self.fields(of: edition.metadata))
        let disputed = Set(edition.evidence.disputed.map(\.index))
        let lines = edition.images.indices.map { CSV.line(row($0, disputed)) }
        func list(_ path: String, _ lines: [String]) -> File {
            File(path: path, bytes: Array(([header] + lines).joined().utf8))
        }
        return [list(Self.path, lines)]
            + layout.plates.filter { !$0.members.isEmpty }.map { plate in
                list("\(plate.folder)/\(Self.path)", plate.members.map { lines[$0] })
            }
    }

    /// The columns before those of the metadata: name, what it holds, type of schema.org.
    static let columns: [(name: String, meaning: String, type: String)] = [
        ("key", "Name of the picture in this atlas", "Text"),
        ("page", "Address of its page, from the folder of this file", "Text"),
        ("picture", "Address of the picture", "Text"),
        ("width", "Width in pixels", "Integer"),
        ("height", "Height in pixels", "Integer"),
        ("label", "The rock type that its folder or a correction gives; empty without one", "Text"),
        ("set", "Set of the split: train, dev or test", "Text"),
        ("predicted", "The rock type that the network predicts", "Text"),
        ("probability", "Probability of the predicted type", "Float"),
        ("disputed", "Whether evidence contradicts the label: yes or nothing", "Text"),
        ("cluster", "Number of its cluster by K-Means; empty for a picture on trial", "Text"),
        ("scene", "Address of the page of its scene; empty without one", "Text"),
        (
            "image check", "What is odd about it: dark, light, flat, blurred, odd shape, odd size",
            "Text"
        ),
    ]

    /// The names of the metadata's columns.
    static func fields(of metadata: Metadata) -> [String] {
        ListColumns.names(of: metadata.fields.map(\.name), beside: columns.map(\.name))
    }

    private func row(_ index: Int, _ disputed: Set<Int>) -> [String] {
        let image = edition.images[index]
        let prediction = edition.prediction(of: index)
        return [
            image.key, layout.paths.places[index].page, layout.original(of: index),
            "\(image.width)", "\(image.height)",
            image.label.map { edition.rockTypes[$0].label } ?? "", image.split.rawValue,
            prediction.map { edition.rockTypes[$0.predicted].label } ?? "",
            prediction.map { "\($0.confidence)" } ?? "",
            disputed.contains(index) ? "yes" : "",
            layout.cluster(of: index).map(String.init) ?? "",
            layout.scenes.places[index].map { layout.scenes.pages[$0.scene] } ?? "",
            layout.issues(of: index).map(\.rawValue).joined(separator: ", "),
        ] + edition.metadata.values.map { $0[index] }
    }
}

extension Layout {
    /// Number of the cluster of a picture, from 1; `nil` for a candidate of a sealed trial.
    func cluster(of index: Int) -> Int? {
        sealed.contains(index) ? nil : edition.clustering.assignments[index] + 1
    }

    /// What is odd about a picture; empty when nothing was measured.
    func issues(of index: Int) -> [PictureIssue] {
        edition.checks.issues.isEmpty ? [] : edition.checks.issues[index]
    }
}

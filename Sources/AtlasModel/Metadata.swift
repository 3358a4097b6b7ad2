/// What is known of pictures besides the pictures themselves, from a table or from what cameras
/// write: for each field the value of every picture.
package struct Metadata: Sendable, Equatable {
    /// In the order in which they are shown: known fields first, then those of the table.
    package let fields: [MetadataField]
    /// `values[field][picture]`, empty where nothing is known. Numbers have a point and no unit, and
    /// dates are ISO 8601.
    package let values: [[String]]

    package static let none = Metadata(fields: [], values: [])

    /// - Precondition: there is a list of values for each field.
    package init(fields: [MetadataField], values: [[String]]) {
        precondition(fields.count == values.count, "each field has its values")
        self.fields = fields
        self.values = values
    }

    /// The value of a known field for the picture at `index`; `nil` where nothing is known.
    package func value(_ kind: MetadataField.Kind, of index: Int) -> String? {
        guard let place = fields.firstIndex(where: { $0.kind == kind }) else { return nil }
        let value = values[place][index]
        return value.isEmpty ? nil : value
    }

    /// A number of a known field; `nil` where nothing is known.
    package func number(_ kind: MetadataField.Kind, of index: Int) -> Double? {
        value(kind, of: index).flatMap(Double.init)
    }

    /// Whether anything is known of the picture at `index`.
    package func isKnown(_ index: Int) -> Bool { values.contains { !$0[index].isEmpty } }
}

/// A column of metadata.
package struct MetadataField: Sendable, Hashable {
    package let kind: Kind
    /// As it is shown.
    package let name: String

    package init(_ kind: Kind) {
        self.kind = kind
        name = kind.title
    }

    /// A field that the program does not know.
    package init(named name: String) {
        kind = .other
        self.name = name
    }

    /// What a field means. The order of cases is that in which fields are shown.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case title, description, locality, latitude, longitude, date, collector, sample, specimen
        case hole, depthFrom, depthTo, photoType, scale, licence, camera
        case other

        package var title: String {
            switch self {
            case .title: "Title"
            case .description: "Description"
            case .locality: "Locality"
            case .latitude: "Latitude"
            case .longitude: "Longitude"
            case .date: "Date"
            case .collector: "Collector"
            case .sample: "Sample"
            case .specimen: "Specimen"
            case .hole: "Hole"
            case .depthFrom: "Depth from, m"
            case .depthTo: "Depth to, m"
            case .photoType: "Photo type"
            case .scale: "mm per pixel"
            case .licence: "Licence"
            case .camera: "Camera"
            case .other: ""
            }
        }

        /// Whether its values are numbers.
        package var isNumber: Bool {
            switch self {
            case .latitude, .longitude, .depthFrom, .depthTo, .scale: true
            case .title, .description, .locality, .date, .collector, .sample, .specimen, .hole,
                .photoType, .licence, .camera, .other:
                false
            }
        }
    }
}

/// What a picture file says in its EXIF block that readers of an atlas may want to know.
package struct CameraFacts: Sendable, Hashable, Codable {
    /// ISO 8601: `2024-05-12 10:22`.
    package var date: String?
    /// Make and model.
    package var camera: String?
    package var description: String?
    /// In degrees, south and west negative; only if positions may be published.
    package var latitude: Double?
    package var longitude: Double?

    package init() {}

    package var isEmpty: Bool { self == CameraFacts() }
}

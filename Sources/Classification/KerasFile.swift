import AtlasModel
import Foundation
import HDF5

extension Network {
    /// Saves the network in the layout that Keras 2 writes and Keras 2 and 3 load, with a root
    /// attribute `geoatlas` for classes, temperature, digests of the training pictures and settings.
    /// The same network gives the same bytes.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        let plan = try ParameterPlan(architecture)
        let config = try KerasConfiguration.text(of: architecture)
        let own = try Facts(
            name: architecture.name, classes: classes, temperature: temperature,
            digests: trainingDigests, origin: origin
        ).text()
        try HDF5File.write(path) { file in
            try file.attribute("model_config", config)
            try file.attribute("keras_version", KerasConfiguration.version)
            try file.attribute("backend", KerasConfiguration.backend)
            try file.attribute("geoatlas", own)
            try file.group("model_weights")
            try file.attribute("backend", of: "model_weights", KerasConfiguration.backend)
            try file.attribute("keras_version", of: "model_weights", KerasConfiguration.version)
            try file.attribute("layer_names", of: "model_weights", architecture.layers.map(\.name))
            for (layer, fields) in zip(architecture.layers, plan.fields) {
                let group = "model_weights/\(layer.name)"
                try file.group(group)
                try file.attribute(
                    "weight_names", of: group, fields.map { "\(layer.name)/\($0.name):0" })
                for field in fields {
                    let block = field.isStatistic ? statistics : values
                    try file.numbers(
                        "\(group)/\(layer.name)/\(field.name):0",
                        Array(block[field.offset..<field.offset + field.count]), shape: field.shape)
                }
            }
        }
    }

    /// Loads a network that GeoAtlas or Keras saved; it equals the network that was saved.
    /// - Throws: `HDF5Error`; `ClassificationError` with the layer or option that is not supported.
    package static func load(_ path: String) throws -> Network {
        try HDF5File.read(path) { file in
            guard file.hasAttribute("model_config"),
                let config = try file.stringsAttribute("model_config").first
            else {
                throw ClassificationError.notANetwork(
                    path: path, reason: "it has no attribute \"model_config\"")
            }
            let facts =
                file.hasAttribute("geoatlas")
                ? try Facts(try file.stringsAttribute("geoatlas").first ?? "", path: path) : nil
            let name = facts?.name ?? URL(filePath: path).deletingPathExtension().lastPathComponent
            let architecture = try KerasConfiguration.architecture(config, name: name, path: path)
            let plan = try Self.plan(architecture, path: path)
            var values = [Float](repeating: 0, count: plan.trainable)
            var statistics = [Float](repeating: 0, count: plan.statistics)
            for (layer, fields) in zip(architecture.layers, plan.fields) where !fields.isEmpty {
                let names = try file.stringsAttribute(
                    "weight_names", of: "model_weights/\(layer.name)")
                for field in fields {
                    let data = try Self.weights(
                        field, layer: layer.name, names: names, file: file, path: path)
                    let range = field.offset..<field.offset + field.count
                    if field.isStatistic {
                        statistics.replaceSubrange(range, with: data)
                    } else {
                        values.replaceSubrange(range, with: data)
                    }
                }
            }
            return Network(
                architecture: architecture,
                classes: try classes(facts, of: architecture, path: path), values: values,
                statistics: statistics, temperature: facts?.temperature ?? 1,
                trainingDigests: facts?.digests ?? [], origin: facts?.origin)
        }
    }

    private static func plan(_ architecture: Architecture, path: String) throws -> ParameterPlan {
        do {
            return try ParameterPlan(architecture)
        } catch .impossibleLayer(let name, let input) {
            throw ClassificationError.notANetwork(
                path: path,
                reason: "its layer \"\(name)\" cannot follow an output of shape \(input)")
        }
    }

    private static func weights(
        _ field: ParameterPlan.Field, layer: String, names: [String],
        file: borrowing HDF5Reader, path: String
    ) throws -> [Float] {
        // Keras 2 ends names in ":0", Keras 3 does not.
        let wanted = names.first {
            let last = $0.split(separator: "/").last ?? ""
            return last.split(separator: ":").first.map(String.init) == field.name
        }
        guard let wanted else {
            throw ClassificationError.notANetwork(
                path: path, reason: "the layer \"\(layer)\" has no \(field.name)")
        }
        let (data, shape) = try file.numbers("model_weights/\(layer)/\(wanted)", as: Float.self)
        guard shape == field.shape, data.allSatisfy(\.isFinite) else {
            throw ClassificationError.notANetwork(
                path: path,
                reason:
                    "\(field.name) of the layer \"\(layer)\" is \(shape), not \(field.shape), or not finite"
            )
        }
        return data
    }

    private static func classes(_ facts: Facts?, of architecture: Architecture, path: String) throws
        -> [String]
    {
        let units =
            architecture.layers.reversed().compactMap { layer -> Int? in
                if case .dense(let units) = layer.kind { units } else { nil }
            }.first ?? 0
        if let facts, facts.classes.count == units { return facts.classes }
        guard units == RockType.reference.count else {
            throw ClassificationError.unknownClasses(path: path, count: units)
        }
        return RockType.reference.map(\.label)
    }
}

/// The content of the attribute `geoatlas`, as JSON.
private struct Facts: Codable {
    let name: String
    let classes: [String]
    let temperature: Double
    let digests: [String]
    let origin: Origin?

    init(
        name: String, classes: [String], temperature: Double, digests: [String], origin: Origin?
    ) {
        self.name = name
        self.classes = classes
        self.temperature = temperature
        self.digests = digests
        self.origin = origin
    }

    init(_ text: String, path: String) throws {
        do {
            self = try JSONDecoder().decode(Facts.self, from: Data(text.utf8))
        } catch {
            throw ClassificationError.notANetwork(
                path: path, reason: "its attribute \"geoatlas\" is damaged")
        }
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

import AtlasModel
import Foundation
import HDF5

extension Network {
    /// Saves the network in the layout that Keras 2 writes and Keras 2 and 3 load, with a root
    /// attribute `geoatlas` for classes, temperature, digests of the training pictures and settings.
    /// The same network gives the same bytes.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        try HDF5File.write(path) { try write(to: $0) }
    }

    /// Writes what `save` saves.
    func write(to file: borrowing HDF5Writer) throws {
        let plan = try ParameterPlan(architecture)
        let config = try KerasConfiguration.text(of: architecture)
        let own = try Facts(
            name: architecture.name, classes: classes, temperature: temperature,
            digests: trainingDigests, origin: origin
        ).text()
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

    /// Loads a network that GeoAtlas or Keras saved, in HDF5 or as a `.keras` file; a network that
    /// GeoAtlas saved equals the one that was saved.
    ///
    /// Keras saves no names of classes, so those networks have none until `naming` gives them.
    /// - Throws: `ClassificationError` with what the file is instead, or with the layer or option that is
    ///   not supported; `HDF5Error`.
    package static func load(_ path: String) throws -> Network {
        switch try NetworkFormat(of: path) {
        case .hdf5:
            do {
                return try HDF5File.read(path) { try loaded(whole: $0, path: path) }
            } catch HDF5Error.notHDF5 {
                throw ClassificationError.foreignFile(path: path, .damagedHDF5)
            }
        case .archive:
            let archive = try KerasArchive(path)
            do {
                return try HDF5File.read(content: archive.weights, named: path) { file in
                    let description = try KerasDescription(
                        archive.configuration, version: archive.version, path: path)
                    return try loaded(description, nil, from: file, .placed, path: path)
                }
            } catch HDF5Error.notHDF5 {
                throw ClassificationError.foreignFile(path: path, .damagedWeights)
            }
        }
    }

    /// Loads from an HDF5 file with description and weights.
    private static func loaded(whole file: borrowing HDF5Reader, path: String) throws -> Network {
        guard file.hasAttribute("model_config"),
            let config = try file.stringsAttribute("model_config").first
        else { throw ClassificationError.foreignFile(path: path, other(file)) }
        let facts =
            file.hasAttribute("geoatlas")
            ? try Facts(try file.stringsAttribute("geoatlas").first ?? "", path: path) : nil
        let version =
            file.hasAttribute("keras_version")
            ? try file.stringsAttribute("keras_version").first ?? "" : ""
        let description = try KerasDescription(config, version: version, path: path)
        return try loaded(description, facts, from: file, .named, path: path)
    }

    private static func other(_ file: borrowing HDF5Reader) -> ForeignFile {
        if file.contains("X_Train_Orig") { return .dataSet }
        if file.contains("centroids") { return .kmeans }
        if file.hasAttribute(TextureClassifier.mark) { return .textures }
        if file.contains("pairwise/indices") || file.contains("kmeans/indices") {
            return .neighbours
        }
        let isKeras =
            file.hasAttribute("layer_names") || file.contains("layers")
            || file.contains("_layer_checkpoint_dependencies") || file.contains("model_weights")
        return isKeras ? .weights : .otherHDF5
    }

    private static func loaded(
        _ description: KerasDescription, _ facts: Facts?, from file: borrowing HDF5Reader,
        _ weights: KerasWeights, path: String
    ) throws -> Network {
        let name = facts?.name ?? URL(filePath: path).deletingPathExtension().lastPathComponent
        let architecture = Architecture(
            name: name, layers: description.layers, side: description.side)
        let plan = try plan(architecture, path: path)
        var values: [Float] = []
        var statistics: [Float] = []
        for (fields, address) in zip(plan.fields, description.addresses) {
            for (place, field) in fields.enumerated() {
                let data = try weights.values(
                    of: field, place, at: address, in: file, path: path)
                if field.isStatistic { statistics += data } else { values += data }
            }
        }
        let network = Network(
            architecture: architecture, classes: facts?.classes ?? [], values: values,
            statistics: statistics, temperature: facts?.temperature ?? 1,
            trainingDigests: facts?.digests ?? [], origin: facts?.origin)
        guard facts?.classes.count == network.outputs else { return network.foreign(plan) }
        return network
    }

    private static func plan(_ architecture: Architecture, path: String) throws -> ParameterPlan {
        do {
            let plan = try ParameterPlan(architecture)
            guard plan.output.count == 1 else {
                throw ClassificationError.notANetwork(
                    path: path,
                    reason:
                        "its output has the shape \(plan.output), not one number for each class. "
                        + "End it with a Flatten and a Dense layer")
            }
            guard plan.output != [1] else {
                throw ClassificationError.notANetwork(
                    path: path, reason: "it has one output. End it with one for each class")
            }
            return plan
        } catch ClassificationError.impossibleLayer(let name, let input) {
            throw ClassificationError.notANetwork(
                path: path,
                reason: "its layer \"\(name)\" cannot follow an output of shape \(input)")
        } catch ClassificationError.layerTooLarge(let name, let input, let enlarging) {
            let cause =
                enlarging.map { ", because the layer \"\($0)\" enlarges the pictures" } ?? ""
            throw ClassificationError.notANetwork(
                path: path,
                reason: "its layer \"\(name)\" with an input of the shape \(input) is larger than "
                    + "GeoAtlas computes (\(ParameterPlan.mostParameters) parameters and "
                    + "\(ParameterPlan.mostOutputs) values in all layers)\(cause)"
            )
        }
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

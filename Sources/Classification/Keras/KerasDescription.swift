import AtlasModel
import Foundation
import Kernels

/// Where the weights of a layer are in a file.
struct LayerAddress: Equatable {
    /// The names of the models that contain the layer, from the outside, without the network itself.
    let models: [String]
    /// The name of the layer.
    let name: String
    /// Its group in the weights of a `.keras` file: `layers/sequential/layers/conv2d_1`.
    let group: String
}

/// The layers of a network as a Keras file describes them: a chain for square RGB pictures.
struct KerasDescription {
    private(set) var layers: [Architecture.Layer] = []
    /// The place of the weights of each layer.
    private(set) var addresses: [LayerAddress] = []
    /// The side of its input in pixels; that of model vectors if the file does not say it.
    var side: Int { knownSide ?? ModelVectors.side }
    private let path: String
    private let version: String
    /// Whether the output so far has rows and columns.
    private var isPicture = true
    /// The side of its input, as far as it is known.
    private var knownSide: Int?

    /// Networks within networks, and layers of all of them.
    private static let (deepest, most) = (8, 1_000)

    /// - Parameters:
    ///   - text: the description, JSON.
    ///   - version: of Keras.
    /// - Throws: `ClassificationError` with the layer or option that is not supported.
    init(_ text: String, version: String, path: String) throws {
        self.path = path
        self.version = version
        let json: Any
        do {
            json = try JSONSerialization.jsonObject(with: Data(text.utf8))
        } catch {
            throw damaged
        }
        guard let root = json as? [String: Any] else { throw damaged }
        if version.hasPrefix("1.") || version.hasPrefix("0.") {
            throw ClassificationError.foreignFile(path: path, .oldKeras(version: version))
        }
        let kind = root["class_name"] as? String ?? "Sequential"
        guard Self.models.contains(kind) else {
            throw ClassificationError.customNetwork(path: path, kind: kind)
        }
        try add(root, within: [], group: "")
        try finish()
    }

    private var damaged: ClassificationError {
        .notANetwork(path: path, reason: "its description is damaged")
    }

    private static let models: Set = ["Sequential", "Functional", "Model"]

    /// Adds the layers of a model.
    /// - Parameters:
    ///   - names: of the models that contain it, without the network itself.
    ///   - group: its group in the weights of a `.keras` file.
    private mutating func add(_ model: [String: Any], within names: [String], group: String) throws
    {
        let config = model["config"]
        guard names.count < Self.deepest,
            let members = (config as? [String: Any])?["layers"] as? [[String: Any]]
                ?? config as? [[String: Any]]
        else { throw damaged }
        try checkOutputs(config)
        var counts: [String: Int] = [:]
        for (index, object) in members.enumerated() {
            let reader = try LayerReader(object, version: version, path: path)
            try reader.checkChain(after: index == 0 ? nil : members[index - 1])
            let stem = Self.snakeCase(reader.kind)
            let number = counts[stem, default: 0]
            counts[stem] = number + 1
            let own =
                (group.isEmpty ? "" : group + "/") + "layers/" + stem
                + (number == 0 ? "" : "_\(number)")
            if knownSide == nil { knownSide = try reader.inputSide() }
            if Self.models.contains(reader.kind) {
                try add(object, within: names + [reader.name], group: own)
                continue
            }
            let address = LayerAddress(models: names, name: reader.name, group: own)
            for layer in try reader.layers(isPicture: isPicture) {
                layers.append(layer)
                addresses.append(address)
            }
            if reader.flattens { isPicture = false }
            guard layers.count <= Self.most else {
                throw ClassificationError.notANetwork(
                    path: path, reason: "it has more than \(Self.most) layers")
            }
        }
        if knownSide == nil, let shape = (config as? [String: Any])?["build_input_shape"] as? [Any]
        {
            knownSide = try LayerReader.inputSide(shape, path: path)
        }
    }

    /// The name of a class in the weights of a `.keras` file: `SeparableConv2D` is `separable_conv2d`
    /// (Keras, `naming.to_snake_case`).
    static func snakeCase(_ name: String) -> String {
        name.replacing(/\W+/, with: "")
            .replacing(/(.)([A-Z][a-z]+)/) { "\($0.output.1)_\($0.output.2)" }
            .replacing(/([a-z])([A-Z])/) { "\($0.output.1)_\($0.output.2)" }
            .lowercased()
    }

    /// Refuses layers after a softmax, which a graph does not have, and makes the end of a network with
    /// one output that of two classes.
    private mutating func finish() throws {
        for (index, layer) in layers.enumerated() where index > 0 {
            if layers[index - 1].kind == .softmax {
                throw ClassificationError.unsupportedOption(
                    path: path, layer: layer.name, option: "the output of a softmax")
            }
        }
        guard let last = layers.last, let address = addresses.last else {
            throw ClassificationError.notANetwork(path: path, reason: "it has no layers")
        }
        var before = layers.count - 1
        let sigmoid = Architecture.Kind.foreign(.activation(name: "Sigmoid", [.sigmoid]))
        if last.kind == sigmoid { before -= 1 }
        let isAlone =
            before >= 0 && [.dense(1), .foreign(.unbiasedDense(1))].contains(layers[before].kind)
        if last.kind == sigmoid {
            guard isAlone else { throw ClassificationError.manySigmoids(path: path) }
            layers.removeLast()
            addresses.removeLast()
        }
        guard isAlone else { return }
        layers.append(.init(name: last.name + "_sigmoid", kind: .foreign(.secondOfTwo)))
        addresses.append(address)
    }

    /// Refuses more outputs than that of the last layer.
    private func checkOutputs(_ config: Any?) throws {
        let outputs = Self.layerNames(in: (config as? [String: Any])?["output_layers"])
        guard outputs.count <= 1 else {
            throw ClassificationError.unsupportedOption(
                path: path, layer: outputs[0], option: "an output besides \"\(outputs[1])\"")
        }
    }

    /// The names of the layers that a part of the description refers to. A reference is a name and two
    /// numbers; Keras 2 lists the references, Keras 3 nests them in objects.
    static func layerNames(in node: Any?) -> [String] {
        if let list = node as? [Any] {
            if list.count >= 3, let name = list[0] as? String, list[1] is Int, list[2] is Int {
                return [name]
            }
            return list.flatMap(layerNames)
        }
        return (node as? [String: Any])?.values.flatMap(layerNames) ?? []
    }
}

import AtlasModel
import Foundation

/// Keras' description of a network, `model_config`: a JSON object of layers.
enum KerasConfiguration {
    /// The version whose layout our files have.
    static let version = "2.3.1"
    static let backend = "tensorflow"

    // MARK: Writing

    static func text(of architecture: Architecture) throws -> String {
        let input: [String: Any] = [
            "class_name": "InputLayer",
            "config": [
                "batch_input_shape": [NSNull(), ModelVectors.side, ModelVectors.side, 3] as [Any],
                "dtype": "float32", "sparse": false, "name": "input_1",
            ] as [String: Any],
        ]
        let layers = [input] + architecture.layers.map(object)
        let root: [String: Any] = [
            "class_name": "Sequential",
            "config": ["name": architecture.name, "layers": layers] as [String: Any],
        ]
        let data = try JSONSerialization.data(withJSONObject: root, options: .sortedKeys)
        return String(decoding: data, as: UTF8.self)
    }

    private static func object(of layer: Architecture.Layer) -> [String: Any] {
        var config: [String: Any] = ["name": layer.name, "trainable": true, "dtype": "float32"]
        let kind: String
        switch layer.kind {
        case .zeroPadding(let pad):
            kind = "ZeroPadding2D"
            config["padding"] = [[pad, pad], [pad, pad]]
            config["data_format"] = "channels_last"
        case .convolution(let filters, let kernel, let same):
            kind = "Conv2D"
            config["filters"] = filters
            config["kernel_size"] = [kernel, kernel]
            config["strides"] = [1, 1]
            config["padding"] = same ? "same" : "valid"
            config["data_format"] = "channels_last"
            config["dilation_rate"] = [1, 1]
            config["activation"] = "linear"
            config["use_bias"] = true
        case .normalization(let epsilon, let momentum):
            kind = "BatchNormalization"
            // The last one, which is the fourth of a picture and the second behind a dense layer.
            config["axis"] = -1
            config["epsilon"] = Double("\(epsilon)") ?? Double(epsilon)
            config["momentum"] = Double("\(momentum)") ?? Double(momentum)
            config["center"] = true
            config["scale"] = true
        case .rectifier:
            kind = "Activation"
            config["activation"] = "relu"
        case .maxPooling(let size):
            kind = "MaxPooling2D"
            config["pool_size"] = [size, size]
            config["strides"] = [size, size]
            config["padding"] = "valid"
            config["data_format"] = "channels_last"
        case .globalAveragePooling:
            kind = "GlobalAveragePooling2D"
            config["data_format"] = "channels_last"
        case .dropout(let rate):
            kind = "Dropout"
            config["rate"] = Double("\(rate)") ?? Double(rate)
        case .flatten:
            kind = "Flatten"
            config["data_format"] = "channels_last"
        case .dense(let units):
            kind = "Dense"
            config["units"] = units
            config["activation"] = "linear"
            config["use_bias"] = true
        case .softmax:
            kind = "Activation"
            config["activation"] = "softmax"
        }
        return ["class_name": kind, "config": config]
    }

    // MARK: Reading

    /// The architecture that a `model_config` describes: a chain of layers on 28 × 28 RGB.
    static func architecture(_ text: String, name: String, path: String) throws -> Architecture {
        guard let root = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let layers = (root["config"] as? [String: Any])?["layers"] as? [[String: Any]]
                ?? root["config"] as? [[String: Any]]
        else {
            throw ClassificationError.notANetwork(path: path, reason: "its description is damaged")
        }
        var found: [Architecture.Layer] = []
        for (index, layer) in layers.enumerated() {
            let reader = try LayerReader(layer, path: path)
            if reader.kind == "InputLayer" || index == 0 { try reader.checkInput() }
            try reader.checkChain(after: index == 0 ? nil : layers[index - 1])
            found += try reader.layers()
        }
        try checkOrder(found, path: path)
        try checkOutputs(root, path: path)
        return Architecture(name: name, layers: found)
    }

    /// Refuses layers behind a softmax, and statistics of each value of a flattened picture: a graph
    /// leaves the softmax to its caller and keeps statistics of channels.
    private static func checkOrder(_ layers: [Architecture.Layer], path: String) throws {
        var isFlattened = false
        for (index, layer) in layers.enumerated() {
            var refused: String?
            if index > 0, layers[index - 1].kind == .softmax { refused = "the output of a softmax" }
            switch layer.kind {
            case .flatten: isFlattened = true
            case .dense: isFlattened = false
            case .normalization where isFlattened: refused = "each value of a flattened picture"
            default: break
            }
            if let refused {
                throw ClassificationError.unsupportedOption(
                    path: path, layer: layer.name, option: refused)
            }
        }
    }

    /// Refuses outputs besides the last layer's.
    private static func checkOutputs(_ root: [String: Any], path: String) throws {
        let outputs = layerNames(in: (root["config"] as? [String: Any])?["output_layers"])
        guard outputs.count <= 1 else {
            throw ClassificationError.unsupportedOption(
                path: path, layer: outputs[0], option: "an output besides \"\(outputs[1])\"")
        }
    }

    /// Layers that a description refers to. A reference is the name and two numbers; Keras 2 lists
    /// them, Keras 3 hides them in objects.
    fileprivate static func layerNames(in node: Any?) -> [String] {
        if let list = node as? [Any] {
            if list.count >= 3, let name = list[0] as? String, list[1] is Int, list[2] is Int {
                return [name]
            }
            return list.flatMap(layerNames)
        }
        return (node as? [String: Any])?.values.flatMap(layerNames) ?? []
    }
}

/// One layer of a `model_config`.
private struct LayerReader {
    let kind: String
    private let name: String
    private let config: [String: Any]
    private let inbound: Any?
    private let path: String

    init(_ object: [String: Any], path: String) throws {
        guard let kind = object["class_name"] as? String,
            let config = object["config"] as? [String: Any]
        else {
            throw ClassificationError.notANetwork(path: path, reason: "its description is damaged")
        }
        self.kind = kind
        self.config = config
        self.path = path
        inbound = object["inbound_nodes"]
        name = config["name"] as? String ?? object["name"] as? String ?? kind
    }

    /// Refuses pictures of another size.
    func checkInput() throws {
        let shape = config["batch_input_shape"] ?? config["batch_shape"]
        guard let shape = shape as? [Any], shape.count == 4 else { return }
        let sides = shape.dropFirst().compactMap { $0 as? Int }
        guard sides == [ModelVectors.side, ModelVectors.side, 3] else {
            throw ClassificationError.unsupportedOption(
                path: path, layer: name, option: "pictures of the shape \(sides)")
        }
    }

    /// Refuses a layer that follows another than the one before it.
    func checkChain(after previous: [String: Any]?) throws {
        guard let nodes = inbound as? [Any], let previous else { return }
        let before =
            (previous["config"] as? [String: Any])?["name"] as? String
            ?? previous["name"] as? String ?? ""
        guard nodes.count == 1, KerasConfiguration.layerNames(in: nodes) == [before] else {
            throw ClassificationError.unsupportedOption(
                path: path, layer: name, option: "branches between layers")
        }
    }

    /// The layer, and what its activation adds.
    func layers() throws -> [Architecture.Layer] {
        guard let own = try ownKind() else { return [] }
        let layer = Architecture.Layer(name: name, kind: own)
        guard kind == "Conv2D" || kind == "Dense" else { return [layer] }
        guard let activation = try activation() else { return [layer] }
        return [
            layer,
            .init(name: "\(name)_\(activation == .softmax ? "softmax" : "relu")", kind: activation),
        ]
    }

    private func ownKind() throws -> Architecture.Kind? {
        guard (config["data_format"] as? String ?? "channels_last") == "channels_last" else {
            throw unsupported("channels first")
        }
        switch kind {
        case "InputLayer": return nil
        case "ZeroPadding2D":
            let sides = (config["padding"] as? [[Int]])?.joined().map { $0 } ?? []
            guard let pad = sides.first, sides.allSatisfy({ $0 == pad }) else {
                throw unsupported("uneven padding")
            }
            return .zeroPadding(pad)
        case "Conv2D": return try convolution()
        case "BatchNormalization":
            guard flag("center", true), flag("scale", true) else {
                throw unsupported("no scale or no centre")
            }
            return .normalization(
                epsilon: Float(number("epsilon") ?? 1e-3),
                momentum: Float(number("momentum") ?? 0.99))
        case "Activation": return try activation()
        case "ReLU":
            for option in ["max_value", "negative_slope", "threshold"]
            where number(option) ?? 0 != 0 {
                throw unsupported(option)
            }
            return .rectifier
        case "Softmax": return .softmax
        case "MaxPooling2D":
            let size = try square("pool_size")
            guard
                config["strides"] == nil || config["strides"] is NSNull
                    || (config["strides"] as? [Int]) == [size, size],
                (config["padding"] as? String ?? "valid") == "valid"
            else { throw unsupported("overlapping or padded pooling") }
            return .maxPooling(size)
        case "GlobalAveragePooling2D":
            guard !flag("keepdims", false) else { throw unsupported("kept dimensions") }
            return .globalAveragePooling
        case "Dropout": return .dropout(Float(number("rate") ?? 0))
        case "Flatten": return .flatten
        case "Dense":
            guard flag("use_bias", true), let units = config["units"] as? Int else {
                throw unsupported("no bias")
            }
            return .dense(units)
        default: throw ClassificationError.unknownLayer(path: path, name: name, kind: kind)
        }
    }

    private func convolution() throws -> Architecture.Kind {
        guard let filters = config["filters"] as? Int, flag("use_bias", true) else {
            throw unsupported("no bias")
        }
        guard (config["strides"] as? [Int] ?? [1, 1]) == [1, 1],
            (config["dilation_rate"] as? [Int] ?? [1, 1]) == [1, 1],
            (config["groups"] as? Int ?? 1) == 1
        else { throw unsupported("strides, dilation or groups") }
        let kernel = try square("kernel_size")
        let same = config["padding"] as? String == "same"
        guard !same || kernel % 2 == 1 else {
            throw unsupported("an even kernel with same padding")
        }
        return .convolution(filters: filters, kernel: kernel, same: same)
    }

    /// What the activation does; `nil` for nothing.
    private func activation() throws -> Architecture.Kind? {
        guard let activation = config["activation"], !(activation is NSNull) else { return nil }
        switch activation as? String {
        case "linear": return nil
        case "relu": return .rectifier
        case "softmax": return .softmax
        case let other:
            throw unsupported("the activation \(other ?? "of a layer or function of its own")")
        }
    }

    private func square(_ key: String) throws -> Int {
        guard let sides = config[key] as? [Int], sides.count == 2, sides[0] == sides[1],
            sides[0] > 0
        else { throw unsupported("a \(key) that is no square") }
        return sides[0]
    }

    private func flag(_ key: String, _ usual: Bool) -> Bool { config[key] as? Bool ?? usual }
    private func number(_ key: String) -> Double? { (config[key] as? NSNumber)?.doubleValue }

    private func unsupported(_ option: String) -> ClassificationError {
        .unsupportedOption(path: path, layer: name, option: option)
    }
}

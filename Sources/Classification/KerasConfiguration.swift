import AtlasModel
import Foundation

/// Keras' description of a network, `model_config`: a JSON object of layers.
enum KerasConfiguration {
    /// The version of Keras whose file layout is written.
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
            // −1 is the last axis: the fourth of a batch of pictures, the second after a dense layer.
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

    /// The architecture that a `model_config` describes: a chain of layers for RGB pictures of 28 × 28.
    /// - Throws: `ClassificationError` with the layer or option that is not supported.
    static func architecture(_ text: String, name: String, path: String) throws -> Architecture {
        let damaged = ClassificationError.notANetwork(
            path: path, reason: "its description is damaged")
        let json: Any
        do {
            json = try JSONSerialization.jsonObject(with: Data(text.utf8))
        } catch {
            throw damaged
        }
        guard let root = json as? [String: Any],
            let layers = (root["config"] as? [String: Any])?["layers"] as? [[String: Any]]
                ?? root["config"] as? [[String: Any]]
        else { throw damaged }
        var found: [Architecture.Layer] = []
        var isPicture = true
        for (index, layer) in layers.enumerated() {
            let reader = try LayerReader(layer, path: path)
            if reader.kind == "InputLayer" || index == 0 { try reader.checkInput() }
            try reader.checkChain(after: index == 0 ? nil : layers[index - 1])
            try reader.checkAxis(isPicture: isPicture)
            if ["Flatten", "GlobalAveragePooling2D"].contains(reader.kind) { isPicture = false }
            found += try reader.layers()
        }
        try checkOrder(found, path: path)
        try checkOutputs(root, path: path)
        return Architecture(name: name, layers: found)
    }

    /// Refuses layers after a softmax and normalisation of flattened pictures: a graph has no softmax
    /// layer and keeps statistics by channel.
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

    /// Refuses more outputs than that of the last layer.
    private static func checkOutputs(_ root: [String: Any], path: String) throws {
        let outputs = layerNames(in: (root["config"] as? [String: Any])?["output_layers"])
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

import AtlasModel
import Foundation

/// One layer of a `model_config`.
struct LayerReader {
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

    /// Refuses a layer whose input is not the output of the layer before it.
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

    /// Refuses a normalisation along another axis than that of the channels, the last one.
    func checkAxis(isPicture: Bool) throws {
        guard kind == "BatchNormalization", let axis = config["axis"] else { return }
        let number = (axis as? [Int])?.first ?? axis as? Int
        guard number == -1 || number == (isPicture ? 3 : 1) else {
            throw unsupported("a normalisation along another axis than the last")
        }
    }

    /// The layer and, if it has an activation, a layer for that.
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

    /// The layer of the activation; `nil` for none.
    private func activation() throws -> Architecture.Kind? {
        guard let activation = config["activation"], !(activation is NSNull) else { return nil }
        switch activation as? String {
        case "linear": return nil
        case "relu": return .rectifier
        case "softmax": return .softmax
        case let other:
            throw unsupported("the activation \(other ?? "of a custom layer or function")")
        }
    }

    private func square(_ key: String) throws -> Int {
        guard let sides = config[key] as? [Int], sides.count == 2, sides[0] == sides[1],
            sides[0] > 0
        else { throw unsupported("a \(key) that is not square") }
        return sides[0]
    }

    /// An option; `default` is the default of Keras, which files may omit.
    private func flag(_ key: String, _ default: Bool) -> Bool {
        config[key] as? Bool ?? `default`
    }

    private func number(_ key: String) -> Double? { (config[key] as? NSNumber)?.doubleValue }

    private func unsupported(_ option: String) -> ClassificationError {
        .unsupportedOption(path: path, layer: name, option: option)
    }
}

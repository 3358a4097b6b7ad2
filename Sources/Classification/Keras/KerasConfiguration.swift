import AtlasModel
import Foundation

/// Keras' description of a network, `model_config`: a JSON object of layers.
enum KerasConfiguration {
    /// The version of Keras whose file layout is written.
    static let version = "2.3.1"
    static let backend = "tensorflow"

    static func text(of architecture: Architecture) throws -> String {
        let input: [String: Any] = [
            "class_name": "InputLayer",
            "config": [
                "batch_input_shape": [NSNull(), architecture.side, architecture.side, 3] as [Any],
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
        case .foreign:
            preconditionFailure("only networks that GeoAtlas trained are saved")
        }
        return ["class_name": kind, "config": config]
    }
}

import AtlasModel
import Foundation
import Kernels

/// One layer of a Keras description: its options, and what GeoAtlas makes of them.
struct LayerReader {
    let kind: String
    let name: String
    /// The version of Keras that wrote the description.
    let version: String
    let path: String
    let config: [String: Any]
    private let inbound: Any?

    init(_ object: [String: Any], version: String, path: String) throws {
        guard let kind = object["class_name"] as? String else {
            throw ClassificationError.notANetwork(path: path, reason: "its description is damaged")
        }
        // A network within the network may have a list of layers in place of options.
        config = object["config"] as? [String: Any] ?? [:]
        self.kind = kind
        self.version = version
        self.path = path
        inbound = object["inbound_nodes"]
        name = config["name"] as? String ?? object["name"] as? String ?? kind
    }

    /// The side of the pictures that the network takes; `nil` if the layer does not say it.
    /// - Throws: `ClassificationError` for a size that networks do not get.
    func inputSide() throws -> Int? {
        guard let shape = (config["batch_input_shape"] ?? config["batch_shape"]) as? [Any] else {
            return nil
        }
        return try Self.inputSide(shape, path: path)
    }

    static func inputSide(_ shape: [Any], path: String) throws -> Int {
        let sides = shape.dropFirst().map { $0 as? Int }
        guard sides.count == 3, sides[2] == nil || sides[2] == 3 else {
            throw ClassificationError.otherChannels(path: path, shape: sides)
        }
        let (height, width) = (sides[0] ?? ModelVectors.side, sides[1] ?? ModelVectors.side)
        guard height == width, Architecture.inputSides.contains(height) else {
            throw ClassificationError.otherSize(path: path, height: sides[0], width: sides[1])
        }
        return height
    }

    /// Refuses a layer whose input is not the output of the layer before it.
    func checkChain(after previous: [String: Any]?) throws {
        guard let nodes = inbound as? [Any], let previous else { return }
        let before =
            (previous["config"] as? [String: Any])?["name"] as? String
            ?? previous["name"] as? String ?? ""
        guard nodes.count == 1, KerasDescription.layerNames(in: nodes) == [before] else {
            throw unsupported("branches between layers")
        }
    }

    /// Whether its output has no rows and columns.
    var flattens: Bool {
        switch kind {
        case "Flatten", "Reshape": true
        case "GlobalAveragePooling2D", "GlobalMaxPooling2D":
            !flag("keepdims", false)
        default: false
        }
    }

    /// The layer and, if it has an activation, a layer for that.
    /// - Parameter isPicture: whether its input has rows and columns.
    func layers(isPicture: Bool) throws -> [Architecture.Layer] {
        guard kind != "InputLayer" else { return [] }
        try checkFormat()
        guard let own = try ownKind(isPicture: isPicture) else { return [] }
        let layer = Architecture.Layer(name: name, kind: own)
        guard Self.activated.contains(kind), let activation = try activation() else {
            return [layer]
        }
        return [layer, .init(name: "\(name)_activation", kind: activation)]
    }

    /// Layers with an activation as an option.
    private static let activated: Set = [
        "Conv2D", "SeparableConv2D", "DepthwiseConv2D", "Dense",
    ]

    private func checkFormat() throws {
        guard (config["data_format"] as? String ?? "channels_last") == "channels_last" else {
            throw unsupported("channels first")
        }
        let policy = config["dtype"] as? [String: Any]
        let type = (policy?["config"] as? [String: Any])?["name"] as? String
        if policy?["class_name"] as? String == "QuantizedDTypePolicy" || type?.contains("8") == true
        {
            throw unsupported("weights of eight bits")
        }
    }

    private func ownKind(isPicture: Bool) throws -> Architecture.Kind? {
        if Self.inactive.contains(kind) { return .foreign(.inactive(kind: kind)) }
        switch kind {
        case "Conv2D", "SeparableConv2D", "DepthwiseConv2D": return try convolution()
        case "Dense":
            let units = try count("units")
            return flag("use_bias", true) ? .dense(units) : .foreign(.unbiasedDense(units))
        case "BatchNormalization": return try normalization(isPicture: isPicture)
        case "Normalization", "Rescaling": return try rescaling(isPicture: isPicture)
        case "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax": return try activation()
        case "PReLU":
            let shared = config["shared_axes"] as? [Int] ?? []
            let axes = isPicture ? 1...3 : 1...1
            return .foreign(.parametricRectifier(isShared: axes.map(shared.contains)))
        case "MaxPooling2D", "AveragePooling2D": return try pooling()
        case "GlobalAveragePooling2D":
            return flag("keepdims", false)
                ? .foreign(.keptGlobalPooling(.mean)) : .globalAveragePooling
        case "GlobalMaxPooling2D":
            return .foreign(
                flag("keepdims", false) ? .keptGlobalPooling(.maximum) : .globalMaxPooling)
        case "ZeroPadding2D", "Cropping2D", "CenterCrop", "Resizing", "UpSampling2D":
            return try sized()
        case "Dropout": return .dropout(Float(number("rate") ?? 0))
        case "Flatten": return .flatten
        case "Reshape":
            guard (config["target_shape"] as? [Any])?.count == 1 else {
                throw unsupported("another target_shape than one number")
            }
            return .flatten
        default: throw ClassificationError.unknownLayer(path: path, name: name, kind: kind)
        }
    }

    /// Layers that change pictures or values in training only.
    private static let inactive: Set = [
        "Identity", "ActivityRegularization", "SpatialDropout2D", "GaussianDropout",
        "GaussianNoise",
        "AlphaDropout", "RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast",
        "RandomTranslation", "RandomBrightness", "RandomShear", "RandomHeight", "RandomWidth",
        "RandomColorJitter", "RandomColorDegeneration", "RandomSaturation", "RandomHue",
        "RandomGrayscale", "RandomPosterization", "RandomSharpness", "RandomInvert",
        "RandomErasing",
        "RandomPerspective", "RandomGaussianBlur", "RandomElasticTransform", "RandAugment",
        "AugMix",
        "CutMix", "MixUp",
    ]

    // MARK: Options

    /// An option that is true or false; `default` is the default of Keras, which files may omit.
    func flag(_ key: String, _ default: Bool) -> Bool { config[key] as? Bool ?? `default` }

    func number(_ key: String) -> Double? {
        if let number = config[key] as? NSNumber { return number.doubleValue }
        // Keras before 2.4 wrote numbers of NumPy as objects.
        return ((config[key] as? [String: Any])?["value"] as? NSNumber)?.doubleValue
    }

    /// All numbers in lists of lists; `nil` if there is something else in them.
    static func numbers(in node: Any?) -> [Double]? {
        if let number = node as? NSNumber { return [number.doubleValue] }
        if let object = node as? [String: Any] {
            return numbers(in: object["value"] ?? (object["config"] as? [String: Any])?["value"])
        }
        guard let list = node as? [Any] else { return nil }
        var found: [Double] = []
        for part in list {
            guard let inner = numbers(in: part) else { return nil }
            found += inner
        }
        return found
    }

    /// Numbers of pixels, layers or channels that a network may have.
    private static let sensible = 1...1 << 20

    func count(_ key: String, default: Int? = nil) throws -> Int {
        guard let value = config[key] as? Int ?? `default`, Self.sensible.contains(value) else {
            throw damaged("no number for \(key)")
        }
        return value
    }

    /// A number for both sides or one for each.
    func sides(_ key: String, default: Sides? = nil) throws -> Sides {
        let both = config[key] as? Int
        let numbers = config[key] as? [Int] ?? both.map { [$0, $0] }
        if let numbers, numbers.count == 2, numbers.allSatisfy(Self.sensible.contains) {
            return Sides(height: numbers[0], width: numbers[1])
        }
        guard config[key] == nil || config[key] is NSNull, let `default` else {
            throw damaged("no numbers for \(key)")
        }
        return `default`
    }

    /// Whether the padding is "same".
    func isSame() throws -> Bool {
        let padding = config["padding"] as? String ?? "valid"
        guard ["same", "valid"].contains(padding) else {
            throw unsupported("the padding \(padding)")
        }
        return padding == "same"
    }

    /// - Parameter what: of the layer's description, that no layer can have.
    func damaged(_ what: String) -> ClassificationError {
        .notANetwork(
            path: path,
            reason: "its description is damaged, because the layer \"\(name)\" has \(what) that a "
                + "layer can have")
    }

    func unsupported(_ option: String) -> ClassificationError {
        .unsupportedOption(path: path, layer: name, option: option)
    }
}

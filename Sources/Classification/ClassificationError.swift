import AtlasModel

/// Why a network could not be made, loaded or used.
package enum ClassificationError: Error, Equatable, CustomStringConvertible {
    case unknownArchitecture(name: String, known: [String])
    case impossibleLayer(name: String, input: [Int])
    case unknownLayer(path: String, name: String, kind: String)
    case unsupportedOption(path: String, layer: String, option: String)
    case notANetwork(path: String, reason: String)
    case missingFile(path: String)
    case unreadableFile(path: String, reason: String)
    /// A file that Git LFS keeps elsewhere.
    case pointer(path: String)
    case foreignFile(path: String, ForeignFile)
    /// A model of a Python class other than those of Keras.
    case customNetwork(path: String, kind: String)
    /// More than one output, each a probability by itself.
    case manySigmoids(path: String)
    /// - Parameter shape: of an input, where `nil` stands for any number.
    case otherChannels(path: String, shape: [Int?])
    case otherSize(path: String, height: Int?, width: Int?)
    /// - Parameter input: its shape.
    /// - Parameter enlarging: the layer that made the pictures so large, if it is another.
    case layerTooLarge(name: String, input: [Int], enlarging: String?)
    /// - Parameter types: that might be its classes.
    case unknownClasses(path: String, count: Int, types: [String])
    case noTrainingPictures
    case diverged(epoch: Int)
    case scoresNotFinite(network: String)

    package var description: String {
        switch self {
        case .unknownArchitecture(let name, let known):
            "There is no architecture \"\(name)\". Known are \(known.joined(separator: ", "))."
        case .impossibleLayer(let name, let input):
            "The layer \"\(name)\" cannot follow an output of shape \(input). Check the order of the layers."
        case .unknownLayer(let path, let name, "Lambda"):
            "\(path): the layer \"\(name)\" is a Lambda, which runs Python code that GeoAtlas cannot run. "
                + "Replace it by a layer of Keras, for example Rescaling, and save the network again."
        case .unknownLayer(let path, let name, let kind):
            "\(path): the layer \"\(name)\" is a \(kind), which GeoAtlas does not support. "
                + "Train the network without it: a chain of convolutions, pooling, normalisation, activation and "
                + "dense layers is supported (docs/networks.md has the list)."
        case .unsupportedOption(let path, let layer, let option):
            "\(path): the layer \"\(layer)\" uses \(option), which GeoAtlas does not support. "
                + "Train the network without it."
        case .notANetwork(let path, let reason):
            "\(path) is not a Keras network that GeoAtlas can use: \(reason). "
                + "Save it with model.save(\"name.h5\")."
        case .missingFile(let path): "\(path) does not exist. Check the path."
        case .unreadableFile(let path, let reason):
            "\(path) cannot be read: \(reason). Change its permissions, or copy it."
        case .pointer(let path): "\(path): \(GitLFS.statement). \(GitLFS.advice)"
        case .foreignFile(let path, let file): "\(path) \(file.statement). \(file.advice)"
        case .customNetwork(let path, let kind):
            "\(path) is a network of the class \(kind), whose layers stand in its Python code and not in the file. "
                + "Build the same layers with keras.Sequential and save it with model.save(\"name.keras\")."
        case .manySigmoids(let path):
            "\(path) ends in a sigmoid for each class, so a picture may have several classes or none. "
                + "Train it with softmax, which gives each picture one class."
        case .otherChannels(let path, let shape):
            "\(path) takes inputs of the shape (\(Self.text(shape))), but a picture has the shape (28, 28, 3). "
                + "Train it with keras.Input((28, 28, 3))."
        case .otherSize(let path, let height, let width):
            "\(path) takes pictures of the shape (\(Self.text([height, width, 3]))), but networks get squares of 28, "
                + "56, 112 or 224. "
                + "Put a Resizing layer in front of it: keras.Sequential([keras.Input((28, 28, 3)), "
                + "keras.layers.Resizing(\(Self.text([height, width]))), model]).save(\"name.keras\")."
        case .layerTooLarge(let name, let input, let enlarging?):
            "The layer \"\(name)\" is too large for its input of the shape \(input). "
                + "Let the layer \"\(enlarging)\" make smaller pictures."
        case .layerTooLarge(let name, let input, nil):
            "The layer \"\(name)\" is too large for its input of the shape \(input). "
                + "Make it smaller."
        case .unknownClasses(let path, let count, let types):
            "\(path) has \(count) classes without names, and there are \(types.count) types: "
                + "\(types.joined(separator: ", ")). Write the \(count) classes in alphabetical order to \"types:\" in "
                + "an atlas.yml, and name its folder with --content."
        case .noTrainingPictures:
            "The training set has no labelled picture, so no network can be trained. Add pictures."
        case .scoresNotFinite(let network):
            "The scores of the network \"\(network)\" are not finite numbers. "
                + "Its weights are damaged or far too large: train it again."
        case .diverged(let epoch):
            "Training diverged in epoch \(epoch): the loss is not a finite number. "
                + "Try another --seed or a larger --batch-size."
        }
    }

    /// `180, 180, 3`; `None` stands for any number, as in Keras.
    private static func text(_ shape: [Int?]) -> String {
        shape.map { $0.map(String.init) ?? "None" }.joined(separator: ", ")
    }
}

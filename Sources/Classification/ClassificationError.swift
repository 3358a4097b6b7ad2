/// Why a network could not be made, loaded or used.
package enum ClassificationError: Error, Equatable, CustomStringConvertible {
    case unknownArchitecture(name: String, known: [String])
    case impossibleLayer(name: String, input: [Int])
    case unknownLayer(path: String, name: String, kind: String)
    case unsupportedOption(path: String, layer: String, option: String)
    case notANetwork(path: String, reason: String)
    case unknownClasses(path: String, count: Int)
    case noTrainingPictures
    case diverged(epoch: Int)
    case scoresNotFinite(network: String)

    package var description: String {
        switch self {
        case .unknownArchitecture(let name, let known):
            "There is no architecture \"\(name)\". Known are \(known.joined(separator: ", "))."
        case .impossibleLayer(let name, let input):
            "The layer \"\(name)\" cannot follow an output of shape \(input). Check the order of the layers."
        case .unknownLayer(let path, let name, let kind):
            "\(path): the layer \"\(name)\" is a \(kind), which GeoAtlas does not support. "
                + "It supports ZeroPadding2D, Conv2D, BatchNormalization, Activation, ReLU, MaxPooling2D, "
                + "GlobalAveragePooling2D, Dropout, Flatten, Dense and Softmax."
        case .unsupportedOption(let path, let layer, let option):
            "\(path): the layer \"\(layer)\" uses \(option), which GeoAtlas does not support. "
                + "Train the network without it."
        case .notANetwork(let path, let reason):
            "\(path) is not a Keras network that GeoAtlas can use: \(reason). "
                + "Save it with model.save(\"name.h5\")."
        case .unknownClasses(let path, let count):
            "\(path) has \(count) classes without names, and they are not the six rock types. "
                + "Train the network with \"geoatlas train\"."
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
}

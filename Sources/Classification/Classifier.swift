package import AtlasModel

/// What predicts the classes of pictures: a network, a classifier of textures, or both together.
package enum Classifier: Sendable, Equatable {
    case network(Network)
    case textures(TextureClassifier)
    case fused(FusedClassifier)

    /// The name of a classifier of textures, where that of an architecture could stand.
    package static let textureName = "texture"
    /// The same of a classifier of textures fused with a network of the architecture `grain`.
    package static let fusedName = "fused"

    /// The names of all that can be trained, the cheapest first.
    package static let known = [textureName] + Architecture.known + [fusedName]

    /// Loads what `save` wrote, or a network that Keras saved.
    /// - Throws: `ClassificationError` with what the file is instead; `HDF5Error`.
    package static func load(_ path: String) throws -> Classifier {
        if let fused = try FusedClassifier.load(path) { return .fused(fused) }
        if let textures = try TextureClassifier.load(path) { return .textures(textures) }
        return .network(try Network.load(path))
    }

    /// Saves the classifier; the same one gives the same bytes.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        switch self {
        case .network(let network): try network.save(to: path)
        case .textures(let textures): try textures.save(to: path)
        case .fused(let fused): try fused.save(to: path)
        }
    }

    /// The network, or the one that is a part of it; `nil` for a classifier of textures.
    package var network: Network? {
        switch self {
        case .network(let network): network
        case .textures: nil
        case .fused(let fused): fused.network
        }
    }

    /// The classifier of textures, or the one that is a part of it; `nil` for a network.
    package var textures: TextureClassifier? {
        switch self {
        case .network: nil
        case .textures(let textures): textures
        case .fused(let fused): fused.textures
        }
    }

    /// Whether it compares descriptors of textures.
    package var needsTexture: Bool { textures != nil }

    /// Names of the classes, in the order of the outputs; empty if the file does not name them.
    package var classes: [String] {
        switch self {
        case .network(let network): network.classes
        case .textures(let textures): textures.classes
        case .fused(let fused): fused.textures.classes
        }
    }

    /// Whether its classes have names.
    package var namesClasses: Bool { !classes.isEmpty }

    /// The classifier with names for its classes, if it has none itself.
    /// - Parameter path: of its file, for the message.
    /// - Throws: `ClassificationError.unknownClasses` for another number of names.
    package func naming(_ names: [String], path: String) throws(ClassificationError) -> Classifier {
        switch self {
        case .network(let network): .network(try network.naming(names, path: path))
        case .textures, .fused: self
        }
    }

    /// What was assumed about the classifier of a file, full sentences.
    /// - Parameter named: the same with names for its classes.
    package func notes(_ named: Classifier, _ path: String) -> [String] {
        guard case .network(let network) = self, case .network(let named) = named else { return [] }
        return network.notes(named, path)
    }

    /// The number by which scores are divided for calibrated probabilities; 1 if none was fitted.
    package var temperature: Double {
        switch self {
        case .network(let network): network.temperature
        case .textures(let textures): textures.temperature
        case .fused(let fused): fused.temperature
        }
    }

    /// The prediction with calibrated probabilities; the predicted class is the same.
    package func calibrated(_ prediction: Prediction) -> Prediction {
        prediction.calibrated(temperature: temperature)
    }

    /// Digests of the pictures it was trained on, sorted; empty if unknown.
    package var trainingDigests: [String] {
        switch self {
        case .network(let network): network.trainingDigests
        case .textures(let textures): textures.trainingDigests
        case .fused(let fused): fused.textures.trainingDigests
        }
    }

    /// Number of values that were fitted or kept.
    package var parameterCount: Int {
        switch self {
        case .network(let network): network.parameterCount
        case .textures(let textures): textures.parameterCount
        case .fused(let fused): fused.textures.parameterCount + fused.network.parameterCount
        }
    }

    /// How it was trained, in a sentence; `nil` if its file does not say.
    package var recipeDescription: String? {
        switch self {
        case .network(let network): network.recipeDescription
        case .textures(let textures):
            textures.settings.recipeDescription(landmarks: textures.landmarkCount)
        case .fused(let fused): fused.recipeDescription
        }
    }
}

import AtlasModel
import Catalog
import Classification
import Parallel
import Statistics

/// The options that a user may set for a training, and the pictures.
struct TrainingRequest {
    let loaded: LoadedCollection
    let types: [RockType]
    /// `nil` for a number that depends on the size of the collection.
    var epochs: Int?
    var batchSize: Int?
    let seed: UInt64
    let threads: Int
    /// Whether the command accepts a trained network instead. If so, its messages advise that.
    let acceptsNetwork: Bool

    /// The smallest number of labelled training pictures that a network is trained on. With fewer, a
    /// network says more about chance than about rock.
    private static let fewest = 14

    /// Why a network cannot be trained; `nil` when it can.
    var obstacle: (any Error)? {
        let catalogue = loaded.catalogue
        if let error = loaded.labelObstacle(types, acceptsNetwork: acceptsNetwork) { return error }
        let training = catalogue.labelled(in: .train)
        let labels = Set(training.compactMap { catalogue.images[$0].label })
        if labels.count == 1, let only = labels.first {
            return AtlasError.oneTypeToTrain(
                type: types[only].label, acceptsNetwork: acceptsNetwork)
        }
        guard training.count >= Self.fewest else {
            return AtlasError.tooFewToTrain(
                count: training.count, needed: Self.fewest, acceptsNetwork: acceptsNetwork)
        }
        return nil
    }

    /// The settings asked for, or ones that suit the architecture and the number of training
    /// pictures.
    /// - Throws: the obstacle, if there is one.
    func settings(for architecture: String) throws -> TrainingSettings {
        if let obstacle { throw obstacle }
        var settings = TrainingSettings.suited(
            to: loaded.catalogue.labelled(in: .train).count, architecture: architecture, seed: seed,
            threads: threads)
        if let epochs { settings.epochs = epochs }
        if let batchSize { settings.batchSize = batchSize }
        return settings
    }
}

extension LoadedCollection {
    /// Refuses a collection without a labelled picture.
    /// - Parameter acceptsNetwork: whether the command accepts a trained network instead.
    /// - Throws: `CatalogError.nothingLabelled`.
    func requireLabels(_ types: [RockType], acceptsNetwork: Bool) throws {
        if let error = labelObstacle(types, acceptsNetwork: acceptsNetwork) { throw error }
    }

    fileprivate func labelObstacle(_ types: [RockType], acceptsNetwork: Bool) -> CatalogError? {
        catalogue.labelledCount > 0
            ? nil
            : .nothingLabelled(
                path: path, types: types.map(\.label), takesNetwork: acceptsNetwork)
    }
}

/// One network to train: the architecture, the pictures and the settings.
struct TrainingJob {
    let architecture: String
    let catalogue: Catalogue
    let types: [RockType]
    /// Indices of the training pictures. The labelled dev set is evaluated after each epoch.
    let pictures: [Int]
    let settings: TrainingSettings

    /// Number of pictures that are presented to the network: training pictures times epochs.
    var work: Int { pictures.count * settings.epochs }

    /// Trains the network.
    /// - Parameters:
    ///   - checkpoint: file for the state of the training while it runs; `nil` for none.
    ///   - progress: in pictures presented.
    /// - Throws: `ClassificationError`, `KernelError`.
    func network(checkpoint: String? = nil, progress: @escaping ProgressReport) throws -> Network {
        guard let plan = Architecture.named(architecture, classes: types.count) else {
            throw ClassificationError.unknownArchitecture(
                name: architecture, known: Architecture.known)
        }
        return try Network.trained(
            plan,
            on: TrainingData(
                classes: types.map(\.label), training: catalogue.examples(pictures),
                dev: catalogue.examples(catalogue.labelled(in: .dev)),
                digests: pictures.map { catalogue.images[$0].digest }),
            settings: settings, checkpoint: checkpoint, progress: progress
        ).network
    }
}

extension Catalogue {
    /// Model vectors and labels of the labelled pictures at `indices`.
    func examples(_ indices: [Int]) -> LabelledVectors {
        LabelledVectors(
            vectors: vectors.selecting(indices), labels: indices.compactMap { images[$0].label })
    }

    /// Compares the predictions of the pictures at `indices` with their labels.
    /// - Parameter predictions: of all pictures.
    func evaluation(of predictions: [Prediction], on indices: [Int], _ types: [RockType])
        -> Evaluation
    {
        Evaluation(
            classes: types.map(\.label), predictions: indices.map { predictions[$0] },
            labels: indices.compactMap { images[$0].label })
    }
}

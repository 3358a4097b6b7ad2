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
    /// The side of the input of networks that can see crops; `nil` for one that suits the collection.
    var inputSide: Int?
    /// Seconds of a training that its dev pictures end, by estimated times on two cores.
    var seconds = Run.standardBudget
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
    func settings(for name: String) throws -> TrainingSettings {
        if let obstacle { throw obstacle }
        let architecture = try architecture(name)
        var settings = TrainingSettings.suited(
            to: loaded.catalogue.labelled(in: .train).count, architecture: architecture, seed: seed,
            threads: threads)
        if let epochs {
            settings.epochs = epochs
        } else if architecture.seesCrops {
            settings.epochs = try architecture.epochs(
                inSeconds: seconds,
                pictures: loaded.catalogue.labelled(in: .train).count)
            settings.recipe.open = OpenLength()
        }
        if let batchSize { settings.batchSize = batchSize }
        return settings
    }

    /// The side of the input of a network.
    func side(for architecture: String) -> Int {
        guard architecture == Architecture.grain else { return ModelVectors.side }
        return inputSide ?? loaded.catalogue.suitedInputSide
    }

    /// The side of crops that suits the collection, or that of small pictures if a training of `grain` with
    /// it takes longer than `seconds`.
    func sideInTime() throws -> Int {
        let suited = loaded.catalogue.suitedInputSide
        var asked = self
        asked.inputSide = suited
        let presented =
            try asked.settings(for: Architecture.grain).epochs
            * loaded.catalogue.labelled(in: .train).count
        let estimate = try asked.architecture(Architecture.grain).secondsOfTraining(
            presented: presented)
        return estimate <= seconds ? suited : min(suited, Catalogue.smallInputSide)
    }

    /// The layers of a network for the types of the collection.
    /// - Throws: `ClassificationError.unknownArchitecture`.
    func architecture(_ name: String) throws -> Architecture {
        guard
            let plan = Architecture.named(name, classes: types.count, side: side(for: name))
        else {
            throw ClassificationError.unknownArchitecture(name: name, known: Architecture.known)
        }
        return plan
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
    let architecture: Architecture
    let catalogue: Catalogue
    let types: [RockType]
    /// Indices of the training pictures. The labelled dev set is evaluated after each epoch.
    let pictures: [Int]
    let settings: TrainingSettings
    /// Read if the network sees crops of them.
    let larger: LargerPictures

    /// Number of pictures that are presented to the network: training pictures times epochs.
    var work: Int { pictures.count * settings.epochs }

    /// Trains the network.
    /// - Parameters:
    ///   - checkpoint: file for the state of the training while it runs; `nil` for none.
    ///   - progress: in pictures presented.
    /// - Throws: `ClassificationError`, `KernelError`.
    func network(checkpoint: String? = nil, progress: @escaping ProgressReport) throws -> Network {
        try Network.trained(
            architecture,
            on: TrainingData(
                classes: types.map(\.label), training: examples(pictures),
                dev: examples(catalogue.labelled(in: .dev)),
                digests: pictures.map { catalogue.images[$0].digest }),
            settings: settings, checkpoint: checkpoint, progress: progress
        ).network
    }

    private func examples(_ indices: [Int]) throws -> LabelledPictures {
        guard architecture.seesCrops else { return catalogue.examples(indices) }
        return LabelledPictures(
            .larger(try larger.pictures(indices, side: architecture.side, keeping: true)),
            labels: indices.compactMap { catalogue.images[$0].label })
    }
}

extension Catalogue {
    /// Model vectors and labels of the labelled pictures at `indices`.
    func examples(_ indices: [Int]) -> LabelledPictures {
        LabelledPictures(
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

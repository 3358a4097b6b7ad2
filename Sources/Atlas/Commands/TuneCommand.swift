import AtlasModel
import Catalog
import Classification
import Parallel
import Statistics

extension Run {
    /// Largest number of configurations of each architecture that `tune` tries.
    private static let rounds = 4

    /// Searches for the architecture and the settings with the best predictions on the dev set, and
    /// saves that network. The test set is used once, for that network only.
    /// - Parameter budget: seconds of training.
    package func tune(_ source: CollectionSource, budget: Double, output: String) throws
        -> TuneResult
    {
        try OutputPlace.require(for: output, reading: source.paths)
        let loaded = try loadGrouped(source)
        let types = loaded.types
        let catalogue = loaded.catalogue
        let request = TrainingRequest(
            loaded: loaded, types: types, seed: seed, threads: workers.count,
            acceptsNetwork: false)
        let defaults = try Self.architectures.map { name in
            Configuration(architecture: name, settings: try request.settings(for: name))
        }
        guard !catalogue.labelled(in: .dev).isEmpty else { throw AtlasError.nothingToCompareOn }
        let trainer = ConfigurationTrainer(catalogue, types, threads: workers.count)
        var number = 0
        let outcome = try Halving<Network>.best(
            of: Configuration.drawn(around: defaults, rounds: Self.rounds, seed: seed),
            pictures: trainer.training.labels.count, budget: budget, now: narrator.now
        ) { configuration, sample in
            // A short training that only measures the time is not counted as a run.
            if let sample { return try trainer.result(of: configuration, sample: sample) }
            number += 1
            return try narrator.stage(
                "run \(number)", remark: { Self.remark(configuration, $0.accuracy) },
                work: { try trainer.result(of: configuration, progress: narrator.progress) }
            ).value
        }
        tellShortcomings(of: outcome, budget: budget)
        try outcome.model.save(to: output)
        return TuneResult(
            trials: outcome.runs.map(TuneResult.Trial.init), best: .init(outcome.best),
            accuracy: .init(test: try testAccuracy(of: outcome.model, catalogue, types)),
            errata: catalogue.errata)
    }

    private static func remark(_ configuration: Configuration, _ accuracy: Double) -> String {
        "\(TuneResult.Settings(configuration)): dev accuracy \((accuracy * 1_000).rounded() / 1_000)"
    }

    private func tellShortcomings(of outcome: Halving<Network>.Outcome, budget: Double) {
        for configuration in outcome.diverged {
            narrator.warn(
                "Training diverged with \(TuneResult.Settings(configuration)); it is left out.")
        }
        guard outcome.wasTooShort else { return }
        narrator.warn(
            "A budget of \(budget) s is too short to compare anything, so the first settings were "
                + "trained whatever it took. Give more seconds with --budget.")
    }

    private func testAccuracy(
        of network: Network, _ catalogue: Catalogue, _ types: [RockType]
    ) throws -> Double? {
        let test = catalogue.examples(catalogue.labelled(in: .test))
        let predictions = try network.predict(test.input, threads: workers.count)
        return Evaluation(
            classes: types.map(\.label), predictions: predictions, labels: test.labels
        ).accuracy
    }
}

/// Trains configurations on the pictures of a catalogue, which it reads once.
private struct ConfigurationTrainer {
    let training: LabelledPictures
    private let dev: LabelledPictures
    private let digests: [String]
    private let classes: [String]
    private let threads: Int

    init(_ catalogue: Catalogue, _ types: [RockType], threads: Int) {
        let labelled = catalogue.labelled(in: .train)
        training = catalogue.examples(labelled)
        dev = catalogue.examples(catalogue.labelled(in: .dev))
        digests = labelled.map { catalogue.images[$0].digest }
        classes = types.map(\.label)
        self.threads = threads
    }

    /// Trains on all pictures, or on the first `sample` of them and an equal share of the dev set.
    func result(
        of configuration: Configuration, sample: Int? = nil, progress: ProgressReport? = nil
    ) throws -> Halving<Network>.Result {
        let name = configuration.architecture
        guard let architecture = Architecture.named(name, classes: classes.count) else {
            throw ClassificationError.unknownArchitecture(name: name, known: Architecture.known)
        }
        let count = sample ?? training.labels.count
        let dev = dev.prefix(max(1, self.dev.labels.count * count / training.labels.count))
        let network = try Network.trained(
            architecture,
            on: TrainingData(
                classes: classes, training: training.prefix(count), dev: dev, digests: digests),
            settings: configuration.settings, progress: progress
        ).network
        // The predictions are calibrated because label smoothing makes a network less certain, and
        // the loss decides ties.
        let predictions = try network.predict(dev.input, threads: threads).map(network.calibrated)
        let evaluation = Evaluation(classes: classes, predictions: predictions, labels: dev.labels)
        return Halving.Result(
            network, accuracy: evaluation.accuracy ?? 0, loss: evaluation.loss)
    }
}

public import AtlasModel
import Foundation
import Kernels
public import Parallel

/// What a network learns from: vectors and the class of each.
public struct LabelledVectors: Sendable {
    public let vectors: ModelVectors
    /// Index into the classes, one for each vector.
    public let labels: [Int]

    public init(vectors: ModelVectors, labels: [Int]) {
        precondition(vectors.count == labels.count, "one label for each vector")
        self.vectors = vectors
        self.labels = labels
    }
}

/// How far a network was after an epoch.
public struct EpochRecord: Sendable, Equatable, Codable {
    public let epoch: Int
    /// Mean cross-entropy of the training pictures as they were presented.
    public let trainingLoss: Double
    /// Share of dev pictures predicted as labelled; `nil` without dev pictures.
    public let devAccuracy: Double?
    public let devLoss: Double?
}

/// How a network came about.
public struct Origin: Sendable, Equatable, Codable {
    public let settings: TrainingSettings
    /// One record for each epoch.
    public let history: [EpochRecord]
    /// The epoch whose weights were kept, from 1.
    public let keptEpoch: Int
}

extension Network {
    /// Trains a network: AdamW, a cosine schedule with warm-up, the eight symmetries of the square
    /// in turn, averaged weights, and the epoch that is best on the dev pictures kept.
    ///
    /// - Parameters:
    ///   - digests: of the training pictures, to be listed in the file.
    ///   - checkpoint: a file that holds the state after the last whole epoch while the training
    ///     runs. If it stands there from a run that was interrupted, with the same pictures and
    ///     settings, the training goes on from it and gives the same network as without the
    ///     interruption.
    ///   - progress: pictures presented, of all epochs.
    /// - Throws: `ClassificationError`, `KernelError`; `HDF5Error.notWritten` for the checkpoint.
    public static func trained(
        _ architecture: Architecture, classes: [String], training: LabelledVectors,
        dev: LabelledVectors, digests: [String], settings: TrainingSettings,
        checkpoint path: String? = nil, progress: ProgressReport? = nil
    ) throws -> (network: Network, history: [EpochRecord]) {
        guard !training.labels.isEmpty else { throw ClassificationError.nothingToLearn }
        let job = Checkpoint.digest(architecture, classes, [training, dev], settings)
        let earlier = path.flatMap { Checkpoint.read($0, job: job, architecture) }
        var trainer = try Trainer(
            architecture, training: training, dev: dev, settings: settings,
            from: try earlier ?? Checkpoint(beginning: architecture, job: job, seed: settings.seed))
        while trainer.history.count < settings.epochs {
            try trainer.epoch(progress: progress)
            if let path { try trainer.checkpoint.write(to: path) }
        }
        let kept = trainer.best
        let plain = Network(
            architecture: architecture, classes: classes, values: kept.values,
            statistics: kept.statistics, temperature: 1, trainingDigests: digests.sorted(),
            origin: Origin(
                settings: settings, history: trainer.history, keptEpoch: kept.epoch))
        let scores = try plain.scores(dev.vectors, threads: settings.threads)
        let network = plain.with(
            temperature: Temperature.fitted(scores: scores, labels: dev.labels))
        if let path { try Checkpoint.remove(path) }
        return (network, trainer.history)
    }

    /// Where a training whose network will be saved at `path` keeps its state meanwhile.
    public static func checkpoint(beside path: String) -> String { path + ".unfinished" }

    private func with(temperature: Double) -> Network {
        Network(
            architecture: architecture, classes: classes, values: values, statistics: statistics,
            temperature: temperature, trainingDigests: trainingDigests, origin: origin)
    }
}

package import AtlasModel
import Foundation
import Kernels
package import Parallel

/// What a network sees of pictures, and the class of each.
package struct LabelledPictures: Sendable {
    package let input: NetworkInput
    /// Index into the classes, one for each picture.
    package let labels: [Int]

    package init(_ input: NetworkInput, labels: [Int]) {
        precondition(input.count == labels.count, "one label for each picture")
        self.input = input
        self.labels = labels
    }

    package init(vectors: ModelVectors, labels: [Int]) {
        self.init(.vectors(vectors), labels: labels)
    }

    /// The first pictures, at most `count`.
    package func prefix(_ count: Int) -> LabelledPictures {
        guard count < labels.count else { return self }
        return LabelledPictures(
            input.selecting(Array(0..<count)), labels: Array(labels.prefix(count)))
    }
}

/// The results of an epoch.
package struct EpochRecord: Sendable, Equatable, Codable {
    /// From 1.
    package let epoch: Int
    /// Mean cross-entropy of the training pictures during the epoch.
    package let trainingLoss: Double
    /// Accuracy on the dev set; `nil` without dev pictures.
    package let devAccuracy: Double?
    /// Mean cross-entropy on the dev set; `nil` without dev pictures.
    package let devLoss: Double?
}

/// How a network was trained.
package struct Origin: Sendable, Equatable, Codable {
    package let settings: TrainingSettings
    /// One record for each epoch.
    package let history: [EpochRecord]
    /// The epoch whose weights were kept, from 1.
    package let keptEpoch: Int
}

/// The pictures that a network is trained and chosen with.
package struct TrainingData: Sendable {
    /// Names of the classes, in the order of the network's outputs.
    package let classes: [String]
    /// The training set.
    package let training: LabelledPictures
    /// The dev set, on which the best epoch is chosen; may be empty.
    package let dev: LabelledPictures
    /// Digests of the training pictures, which the model file lists.
    package let digests: [String]

    package init(
        classes: [String], training: LabelledPictures, dev: LabelledPictures,
        digests: [String]
    ) {
        self.classes = classes
        self.training = training
        self.dev = dev
        self.digests = digests
    }
}

extension Network {
    /// Trains a network with AdamW, a cosine schedule with warm-up, the eight symmetries of the square
    /// as augmentation, and averaged weights; keeps the epoch with the lowest loss on the dev set, the
    /// later of equal ones, or the last epoch without dev pictures.
    ///
    /// `try Network.trained(.named("conv1l", classes: 2)!, on: data, settings: settings).network` is the
    /// same network, byte for byte, on every run with the same data, settings and kind of processor. For
    /// networks that see crops the number of threads does not matter.
    /// - Parameters:
    ///   - checkpoint: a file that holds the state after the last whole epoch while the training
    ///     runs, and is removed at the end. If it exists from an interrupted run with the same data
    ///     and settings, the training continues from it and gives the same network as without the
    ///     interruption.
    ///   - progress: training pictures of all epochs.
    /// - Throws: `ClassificationError.noTrainingPictures`, `.diverged`, `.impossibleLayer`;
    ///   `KernelError`; `HDF5Error.notWritten` for the checkpoint.
    package static func trained(
        _ architecture: Architecture, on data: TrainingData, settings: TrainingSettings,
        checkpoint path: String? = nil, progress: ProgressReport? = nil
    ) throws -> (network: Network, history: [EpochRecord]) {
        guard !data.training.labels.isEmpty else { throw ClassificationError.noTrainingPictures }
        let job = try Checkpoint.digest(architecture, data, settings)
        let earlier = path.flatMap { Checkpoint.read($0, job: job, architecture) }
        var trainer = try Trainer(
            architecture, data, settings: settings,
            from: try earlier ?? Checkpoint(beginning: architecture, job: job, seed: settings.seed))
        while trainer.history.count < settings.length(trainer.history) {
            try trainer.epoch(progress: progress)
            if let path { try trainer.checkpoint.write(to: path) }
        }
        let kept = trainer.best
        let plain = Network(
            architecture: architecture, classes: data.classes, values: kept.values,
            statistics: kept.statistics, temperature: 1, trainingDigests: data.digests.sorted(),
            origin: Origin(
                settings: settings.repeated(by: architecture), history: trainer.history,
                keptEpoch: kept.epoch))
        let scores = try plain.scores(data.dev.input, threads: settings.threads)
        let network = plain.with(
            temperature: Temperature.fitted(scores: scores, labels: data.dev.labels))
        if let path { try Checkpoint.remove(path) }
        return (network, trainer.history)
    }

    /// The path of the checkpoint of a training whose network will be saved at `path`:
    /// `m.h5.unfinished` for `m.h5`.
    package static func checkpoint(beside path: String) -> String { path + ".unfinished" }

    private func with(temperature: Double) -> Network {
        Network(
            architecture: architecture, classes: classes, values: values, statistics: statistics,
            temperature: temperature, trainingDigests: trainingDigests, origin: origin)
    }
}

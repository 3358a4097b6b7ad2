public import AtlasModel
import Foundation
import Kernels

/// How a network learns.
public struct TrainingSettings: Sendable, Equatable {
    public var epochs: Int
    public var batchSize: Int
    public var seed: UInt64
    /// Threads that oneDNN may use; the result repeats exactly for the same number.
    public var threads: Int
    /// Highest learning rate, reached after the warm-up.
    public var rate: Float = 3e-3
    public var weightDecay: Float = 0.01
    /// Share of the steps in which the rate rises from zero.
    public var warmUp = 0.1

    public init(epochs: Int, batchSize: Int, seed: UInt64, threads: Int) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.seed = seed
        self.threads = threads
    }

    /// What suits a collection: 5 epochs in steps of 64 pictures; small collections, whose epochs
    /// have few steps, get smaller steps and more epochs, about 1,600 steps in all.
    public static func suited(to pictures: Int, seed: UInt64, threads: Int) -> TrainingSettings {
        let batch = pictures >= 8_000 ? 64 : 16
        let steps = max(1, pictures / batch)
        let epochs = pictures >= 8_000 ? 5 : min(60, max(5, 1_600 / steps))
        return TrainingSettings(epochs: epochs, batchSize: batch, seed: seed, threads: threads)
    }
}

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

extension Network {
    /// Trains a network: AdamW, a cosine schedule with warm-up, the eight symmetries of the square
    /// drawn for each picture in each epoch, and the epoch that is best on the dev pictures kept.
    ///
    /// - Parameters:
    ///   - digests: of the training pictures, to be listed in the file.
    ///   - progress: pictures presented, of all epochs.
    /// - Throws: `ClassificationError`, `KernelError`.
    public static func trained(
        _ architecture: Architecture, classes: [String], training: LabelledVectors,
        dev: LabelledVectors, digests: [String], settings: TrainingSettings,
        progress: ProgressReport? = nil
    ) throws -> (network: Network, history: [EpochRecord]) {
        guard !training.labels.isEmpty else { throw ClassificationError.nothingToLearn }
        var trainer = try Trainer(architecture, training: training, dev: dev, settings: settings)
        var best: (values: [Float], statistics: [Float], loss: Double)?
        for epoch in 1...settings.epochs {
            let record = try trainer.epoch(epoch, progress: progress)
            guard record.trainingLoss.isFinite else {
                throw ClassificationError.notLearned(epoch: epoch)
            }
            let loss = record.devLoss ?? -Double(epoch)
            if best.map({ loss <= $0.loss }) ?? true {
                best = (trainer.store.currentValues, trainer.store.currentStatistics, loss)
            }
        }
        let kept = best ?? (trainer.store.currentValues, trainer.store.currentStatistics, 0)
        let plain = Network(
            architecture: architecture, classes: classes, values: kept.values,
            statistics: kept.statistics, temperature: 1, trainingDigests: digests.sorted())
        let scores = try plain.scores(dev.vectors, threads: settings.threads)
        return (
            plain.with(temperature: Temperature.fitted(scores: scores, labels: dev.labels)),
            trainer.history
        )
    }

    private func with(temperature: Double) -> Network {
        Network(
            architecture: architecture, classes: classes, values: values, statistics: statistics,
            temperature: temperature, trainingDigests: trainingDigests)
    }
}

/// A training under way.
private struct Trainer {
    let store: ParameterStore
    private(set) var history: [EpochRecord] = []
    private let architecture: Architecture
    private let settings: TrainingSettings
    private let training: LabelledVectors
    private let dev: LabelledVectors
    private let batch: SharedBatch
    /// For the last, smaller step of an epoch.
    private let rest: SharedBatch?
    private var adam: Adam
    private var random: SplitMix64
    private var step = 0

    init(
        _ architecture: Architecture, training: LabelledVectors, dev: LabelledVectors,
        settings: TrainingSettings
    ) throws {
        self.settings = settings
        self.training = training
        self.dev = dev
        var random = SplitMix64(seed: settings.seed)
        let plan = try ParameterPlan(architecture)
        let start = Initialisation.values(plan, random: &random)
        store = ParameterStore(values: start.values, statistics: start.statistics)
        let size = min(settings.batchSize, training.labels.count)
        batch = try SharedBatch(
            architecture, size: size, threads: settings.threads, store: store, random: &random)
        let remainder = training.labels.count % size
        rest =
            remainder == 0
            ? nil
            : try SharedBatch(
                architecture, size: remainder, threads: settings.threads, store: store,
                random: &random)
        self.architecture = architecture
        adam = Adam(store, weightDecay: settings.weightDecay)
        self.random = random
    }

    /// Presents every training picture once, then judges on the dev pictures.
    mutating func epoch(_ number: Int, progress: ProgressReport?) throws -> EpochRecord {
        let count = training.labels.count
        var order = Array(0..<count)
        order.shuffle(using: &random)
        var loss = 0.0
        for start in stride(from: 0, to: count, by: batch.size) {
            let chosen = Array(order[start..<min(count, start + batch.size)])
            let forms = chosen.map { _ in random.below(Presentation.forms) }
            let shared = chosen.count == batch.size ? batch : rest ?? batch
            loss += try shared.learn(chosen, forms: forms, from: training)
            adam.step(rate: rate)
            step += 1
            progress?((number - 1) * count + start + chosen.count, settings.epochs * count)
        }
        var devEvaluation: Evaluation?
        if !dev.labels.isEmpty {
            let predictions = try Network.scores(
                dev.vectors, architecture, store, threads: settings.threads
            ).map {
                Prediction(probabilities: Network.softmax($0))
            }
            devEvaluation = Evaluation(
                classes: predictions[0].probabilities.map { _ in "" }, predictions: predictions,
                labels: dev.labels)
        }
        let record = EpochRecord(
            epoch: number, trainingLoss: loss / Double(count), devAccuracy: devEvaluation?.accuracy,
            devLoss: devEvaluation?.loss)
        history.append(record)
        return record
    }

    /// Linear warm-up, then half a cosine down to zero.
    private var rate: Float {
        let perEpoch = (training.labels.count + batch.size - 1) / batch.size
        let total = Double(perEpoch * settings.epochs)
        let warm = max(1, settings.warmUp * total)
        let at = Double(step) + 1
        if at <= warm { return settings.rate * Float(at / warm) }
        return settings.rate * Float(0.5 * (1 + cos(.pi * (at - warm) / max(1, total - warm))))
    }
}

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
        KernelThreads.use(settings.threads)
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
    private let settings: TrainingSettings
    private let training: LabelledVectors
    private let dev: LabelledVectors
    private let graph: LayerGraph
    /// For the last, smaller step of an epoch.
    private let rest: LayerGraph?
    private let judge: LayerGraph
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
        let masks = RandomBits(seed: random.next())
        let batch = min(settings.batchSize, training.labels.count)
        graph = try .of(architecture, batch: batch, store: store, random: masks.next)
        let remainder = training.labels.count % batch
        rest =
            remainder == 0
            ? nil : try .of(architecture, batch: remainder, store: store, random: masks.next)
        judge = try .of(
            architecture, batch: min(256, max(1, dev.labels.count)), store: store, random: nil)
        adam = Adam(store, weightDecay: settings.weightDecay)
        self.random = random
    }

    /// Presents every training picture once, then judges on the dev pictures.
    mutating func epoch(_ number: Int, progress: ProgressReport?) throws -> EpochRecord {
        let count = training.labels.count
        var order = Array(0..<count)
        order.shuffle(using: &random)
        var loss = 0.0
        for start in stride(from: 0, to: count, by: graph.batch) {
            let chosen = order[start..<min(count, start + graph.batch)]
            loss += try learn(Array(chosen), on: chosen.count == graph.batch ? graph : rest ?? graph)
            progress?((number - 1) * count + start + chosen.count, settings.epochs * count)
        }
        var devEvaluation: Evaluation?
        if !dev.labels.isEmpty {
            let predictions = try Network.scores(dev.vectors, on: judge).map {
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

    /// One step; the summed loss of its pictures.
    private mutating func learn(_ chosen: [Int], on graph: LayerGraph) throws -> Double {
        let forms = chosen.map { _ in random.below(Presentation.forms) }
        graph.withInput { target in
            for (place, index) in chosen.enumerated() {
                Presentation.write(training.vectors, index, form: forms[place], to: target, at: place)
            }
        }
        let scores = try graph.forward()
        let width = scores.count / chosen.count
        var gradient = [Float](repeating: 0, count: scores.count)
        var loss = 0.0
        for (place, index) in chosen.enumerated() {
            let row = place * width
            let probabilities = Network.softmax(Array(scores[row..<row + width]))
            loss -= log(max(1e-7, Double(probabilities[training.labels[index]])))
            for column in 0..<width {
                let target: Float = column == training.labels[index] ? 1 : 0
                gradient[row + column] = (probabilities[column] - target) / Float(chosen.count)
            }
        }
        try graph.backward(gradient)
        adam.step(rate: rate)
        step += 1
        return loss
    }

    /// Linear warm-up, then half a cosine down to zero.
    private var rate: Float {
        let perEpoch = (training.labels.count + graph.batch - 1) / graph.batch
        let total = Double(perEpoch * settings.epochs)
        let warm = max(1, settings.warmUp * total)
        let at = Double(step) + 1
        if at <= warm { return settings.rate * Float(at / warm) }
        return settings.rate * Float(0.5 * (1 + cos(.pi * (at - warm) / max(1, total - warm))))
    }
}

/// Random bits that a dropout layer draws and a training keeps in one place.
private final class RandomBits {
    private var random: SplitMix64
    init(seed: UInt64) { random = SplitMix64(seed: seed) }
    func next() -> UInt64 { random.next() }
}

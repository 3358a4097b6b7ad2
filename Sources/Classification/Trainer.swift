import AtlasModel
import Foundation
import Kernels
import Parallel
import RandomNumbers
import Statistics

/// A training under way.
struct Trainer {
    /// State after the last whole epoch.
    private(set) var checkpoint: Checkpoint
    private let architecture: Architecture
    private let settings: TrainingSettings
    private let training: LabelledVectors
    private let dev: LabelledVectors
    private let store: ParameterStore
    private let batch: SharedBatch
    /// For the last, smaller step of an epoch.
    private let rest: SharedBatch?
    private var adam: Adam
    private var average: MovingAverage

    var history: [EpochRecord] { checkpoint.history }
    /// The weights that were best on the dev pictures.
    var best: Checkpoint.Candidate { checkpoint.best }

    /// - Parameter start: the state to go on from.
    init(
        _ architecture: Architecture, training: LabelledVectors, dev: LabelledVectors,
        settings: TrainingSettings, from start: Checkpoint
    ) throws {
        self.architecture = architecture
        self.settings = settings
        self.training = training
        self.dev = dev
        let size = min(settings.batchSize, training.labels.count)
        checkpoint = start
        let store = ParameterStore(values: start.values, statistics: start.best.statistics)
        self.store = store
        func shared(_ size: Int) throws -> SharedBatch {
            try SharedBatch(
                architecture, size: size, threads: settings.threads, store: store,
                smoothing: settings.recipe.smoothing)
        }
        batch = try shared(size)
        let remainder = training.labels.count % size
        rest = remainder == 0 ? nil : try shared(remainder)
        adam = Adam(store, weightDecay: settings.recipe.weightDecay, state: start.adam)
        let steps = (training.labels.count + size - 1) / size * settings.epochs
        average = MovingAverage(
            start.average, horizon: settings.recipe.averaging * Double(steps),
            steps: start.adam?.steps ?? 0)
    }

    /// Presents every training picture once, then judges on the dev pictures.
    mutating func epoch(progress: ProgressReport?) throws {
        let number = history.count + 1
        // An epoch draws from a generator of its own, so that a training can go on behind any.
        var random = SplitMix64(
            seed: SplitMix64.mixed(SplitMix64.mixed(settings.seed) &+ UInt64(number)))
        batch.seed(&random)
        rest?.seed(&random)
        let loss = try present(epoch: number, random: &random, progress: progress)
        guard loss.isFinite else { throw ClassificationError.notLearned(epoch: number) }
        let statistics = try measuredStatistics(random: &random)
        let candidate = Network(
            architecture: architecture, classes: [], values: average.values,
            statistics: statistics, temperature: 1, trainingDigests: [], origin: nil)
        let evaluation: Evaluation?
        do {
            evaluation = try judged(candidate)
        } catch ClassificationError.scoresOutOfRange {
            throw ClassificationError.notLearned(epoch: number)
        }
        let record = EpochRecord(
            epoch: number, trainingLoss: loss / Double(training.labels.count),
            devAccuracy: evaluation?.accuracy, devLoss: evaluation?.loss)
        let isBest = record.devLoss.map { $0 <= best.loss } ?? true
        checkpoint = Checkpoint(
            job: checkpoint.job, values: store.currentValues, adam: adam.state,
            average: average.values,
            best: isBest
                ? .init(
                    values: average.values, statistics: statistics,
                    loss: record.devLoss ?? .infinity, epoch: number)
                : best,
            history: history + [record])
    }

    /// - Returns: the summed loss.
    private mutating func present(
        epoch: Int, random: inout SplitMix64, progress: ProgressReport?
    ) throws -> Double {
        let count = training.labels.count
        let order = (0..<count).shuffled(using: &random)
        var loss = 0.0
        for start in stride(from: 0, to: count, by: batch.size) {
            let chosen = Array(order[start..<min(count, start + batch.size)])
            let shown = chosen.map {
                Presentation.drawn(
                    $0, epoch: epoch - 1, seed: settings.seed, shift: settings.recipe.shift,
                    random: &random)
            }
            let shared = chosen.count == batch.size ? batch : rest ?? batch
            loss += try shared.learn(chosen, shown: shown, from: training)
            adam.step(rate: rate)
            average.add(store)
            progress?((epoch - 1) * count + start + chosen.count, settings.epochs * count)
        }
        return loss
    }

    /// The learning rate of the next step.
    private var rate: Float {
        let perEpoch = (training.labels.count + batch.size - 1) / batch.size
        return settings.recipe.rate(atStep: adam.state.steps + 1, of: perEpoch * settings.epochs)
    }

    private func judged(_ candidate: Network) throws -> Evaluation? {
        guard !dev.labels.isEmpty else { return nil }
        let predictions = try candidate.predict(dev.vectors, threads: settings.threads)
        return Evaluation(
            classes: predictions[0].probabilities.map { _ in "" }, predictions: predictions,
            labels: dev.labels)
    }

    /// Pictures over which the normalisations' statistics are measured, at most, and at a time.
    private static let (measured, measuredAtOnce) = (1_024, 128)

    /// Mean and variance of each normalisation for the averaged weights, over training pictures.
    ///
    /// A running mean over the steps, as Keras keeps, is of weights that have moved on since, lags
    /// in short trainings, and says nothing of averaged weights.
    private func measuredStatistics(random: inout SplitMix64) throws -> [Float] {
        let count = training.labels.count
        let size = min(Self.measuredAtOnce, count)
        let batches = min(Self.measured, count) / size
        let pictures = (0..<count).shuffled(using: &random).prefix(batches * size)
        let shown = pictures.map { _ in
            Presentation(form: random.below(Presentation.forms), right: 0, down: 0)
        }
        let (architecture, vectors, values) = (architecture, training.vectors, average.values)
        let none = [Float](repeating: 0, count: store.statisticsCount)
        let found = try Workers(settings.threads).map(batches) { number -> [Float] in
            KernelThreads.use(1)
            let store = ParameterStore(values: values, statistics: none)
            let graph = try LayerGraph.of(architecture, batch: size, store: store, for: .estimation)
            graph.withInput { target in
                for place in 0..<size {
                    let index = number * size + place
                    shown[index].write(vectors, pictures[index], to: target, at: place)
                }
            }
            _ = try graph.forward()
            return store.currentStatistics
        }
        var sums = none
        for statistics in found {
            for i in sums.indices { sums[i] += statistics[i] / Float(batches) }
        }
        return sums
    }
}

import AtlasModel
import Foundation
import Kernels
import Parallel
import RandomNumbers
import Statistics

/// A training in progress.
struct Trainer {
    /// The state after the last whole epoch.
    private(set) var checkpoint: Checkpoint
    private let architecture: Architecture
    private let settings: TrainingSettings
    private let data: TrainingData
    private let store: ParameterStore
    private let batch: SharedBatch
    /// For the last, smaller step of an epoch; `nil` if all steps have the same size.
    private let lastBatch: SharedBatch?
    private var adam: Adam
    private var average: MovingAverage

    var history: [EpochRecord] { checkpoint.history }
    /// The weights with the lowest loss on the dev set so far.
    var best: Checkpoint.Candidate { checkpoint.best }

    /// - Parameter start: the state to continue from.
    init(
        _ architecture: Architecture, _ data: TrainingData, settings: TrainingSettings,
        from start: Checkpoint
    ) throws {
        let training = data.training
        self.architecture = architecture
        self.settings = settings
        self.data = data
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
        lastBatch = remainder == 0 ? nil : try shared(remainder)
        adam = Adam(store, weightDecay: settings.recipe.weightDecay, state: start.adam)
        let steps = (training.labels.count + size - 1) / size * settings.epochs
        average = MovingAverage(
            start.average, horizon: settings.recipe.averaging * Double(steps),
            steps: start.adam?.steps ?? 0)
    }

    /// Trains on every training picture once, then evaluates the averaged weights on the dev set.
    /// - Throws: `ClassificationError.diverged`, `KernelError`.
    mutating func epoch(progress: ProgressReport?) throws {
        let number = history.count + 1
        // Each epoch has its own random generator, so that a training can continue after any epoch.
        var random = SplitMix64(
            seed: SplitMix64.mixed(SplitMix64.mixed(settings.seed) &+ UInt64(number)))
        batch.seed(&random)
        lastBatch?.seed(&random)
        let loss = try trainOnce(epoch: number, random: &random, progress: progress)
        guard loss.isFinite else { throw ClassificationError.diverged(epoch: number) }
        let statistics = try measuredStatistics(random: &random)
        let candidate = Network(
            architecture: architecture, classes: [], values: average.values,
            statistics: statistics, temperature: 1, trainingDigests: [], origin: nil)
        let evaluation: Evaluation?
        do {
            evaluation = try devEvaluation(of: candidate)
        } catch ClassificationError.scoresNotFinite {
            throw ClassificationError.diverged(epoch: number)
        }
        let record = EpochRecord(
            epoch: number, trainingLoss: loss / Double(data.training.labels.count),
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

    /// Trains on every training picture once, in random order.
    /// - Returns: the sum of the losses.
    private mutating func trainOnce(
        epoch: Int, random: inout SplitMix64, progress: ProgressReport?
    ) throws -> Double {
        let count = data.training.labels.count
        let order = (0..<count).shuffled(using: &random)
        var loss = 0.0
        for start in stride(from: 0, to: count, by: batch.size) {
            let chosen = Array(order[start..<min(count, start + batch.size)])
            let views = chosen.map { view(of: $0, epoch: epoch, random: &random) }
            let shared = chosen.count == batch.size ? batch : lastBatch ?? batch
            loss += try shared.gradients(
                of: chosen, as: views, from: data.training)
            adam.step(rate: rate)
            average.add(store)
            progress?((epoch - 1) * count + start + chosen.count, settings.epochs * count)
        }
        return loss
    }

    /// How a training picture is seen in an epoch.
    private func view(of picture: Int, epoch: Int, random: inout SplitMix64) -> PictureView {
        let whole = Augmentation.drawn(
            picture, epoch: epoch - 1, seed: settings.seed, shift: settings.recipe.shift,
            random: &random)
        guard let crops = settings.recipe.crops else { return .whole(whole) }
        return .crop(.drawn(crops, symmetry: whole.symmetry, random: &random))
    }

    /// The learning rate of the next step.
    private var rate: Float {
        let perEpoch = (data.training.labels.count + batch.size - 1) / batch.size
        return settings.rate(
            atStep: adam.state.steps + 1, stepsInEpoch: perEpoch, history)
    }

    /// The evaluation on the dev set; `nil` without dev pictures.
    private func devEvaluation(of candidate: Network) throws -> Evaluation? {
        guard !data.dev.labels.isEmpty else { return nil }
        let predictions = try candidate.predict(
            data.dev.input, views: Self.devViews, threads: settings.threads)
        return Evaluation(
            classes: predictions[0].probabilities.map { _ in "" }, predictions: predictions,
            labels: data.dev.labels)
    }

    /// The crops of a dev picture that are averaged after each epoch: fewer than for a prediction, to
    /// save time.
    private static let devViews = 2

    /// The largest number of pictures from which the statistics of normalisations are measured, and
    /// the size of their batches.
    private static let (measured, measuredBatch) = (1_024, 128)
    /// The same for crops, which have many more pixels to measure.
    private static let (measuredCrops, measuredCropsBatch) = (256, 16)

    /// Mean and variance of each normalisation for the averaged weights, measured on training pictures.
    ///
    /// A running mean over the steps, as in Keras, belongs to earlier weights, lags in short trainings,
    /// and does not fit averaged weights.
    private func measuredStatistics(random: inout SplitMix64) throws -> [Float] {
        let count = data.training.labels.count
        let seesCrops = architecture.seesCrops
        let size = min(seesCrops ? Self.measuredCropsBatch : Self.measuredBatch, count)
        let batches = min(seesCrops ? Self.measuredCrops : Self.measured, count) / size
        let pictures = (0..<count).shuffled(using: &random).prefix(batches * size)
        let views = pictures.map { picture in
            seesCrops
                ? view(of: picture, epoch: history.count + 1, random: &random)
                : .whole(.init(symmetry: random.below(Augmentation.symmetries), right: 0, down: 0))
        }
        let (architecture, input, values) = (architecture, data.training.input, average.values)
        let none = [Float](repeating: 0, count: store.statisticsCount)
        let found = try Workers(settings.threads).map(batches) { number -> [Float] in
            KernelThreads.use(1)
            let store = ParameterStore(values: values, statistics: none)
            let graph = try LayerGraph.of(architecture, batch: size, store: store, for: .estimation)
            graph.withInput { target in
                for place in 0..<size {
                    let index = number * size + place
                    input.write(
                        pictures[index], views[index], side: architecture.side, to: target,
                        at: place)
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

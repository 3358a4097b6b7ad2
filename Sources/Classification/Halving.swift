/// Finds a good configuration within a time budget by successive halving: many configurations are
/// trained for few epochs, the better half for twice the epochs, and so on; the last one gets the
/// remaining time. If that is more than it may have, the search continues with configurations that
/// were not tried yet.
///
/// K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and hyperparameter
/// optimization", AISTATS 2016. Every training starts from the beginning, because the learning rate
/// falls over the whole training. The speed of the machine decides how far the halving gets, but not
/// what it tries first or how it ranks.
package struct Halving<Model> {
    /// The result of a training.
    package struct Result {
        package let model: Model
        package let accuracy: Double
        package let loss: Double

        /// - Parameters:
        ///   - accuracy: on the dev set.
        ///   - loss: mean cross-entropy on the dev set.
        package init(_ model: Model, accuracy: Double, loss: Double) {
            self.model = model
            self.accuracy = accuracy
            self.loss = loss
        }
    }

    /// The result of the search.
    package struct Outcome {
        /// In the order in which they ran.
        package let runs: [TuningRun]
        /// The run with the best result on the dev set.
        package let best: TuningRun
        /// The model of that run.
        package let model: Model
        /// Configurations whose training diverged.
        package let diverged: [Configuration]
        /// Whether the budget was too short even for the first configuration, which was trained anyway.
        package let wasTooShort: Bool
    }

    /// Trains on all pictures, or on the first `sample` ones when the training is only timed.
    package typealias Train = (Configuration, _ sample: Int?) throws -> Result

    /// A training that is planned.
    private struct Plan {
        /// With its default number of epochs.
        let original: Configuration
        let epochs: Int

        /// The shortest training of a configuration: an eighth of its default epochs.
        init(shortest original: Configuration) {
            self.init(original, epochs: max(1, original.settings.epochs / 8))
        }

        init(_ original: Configuration, epochs: Int) {
            self.original = original
            self.epochs = epochs
        }

        var configuration: Configuration { original.with(epochs: epochs) }
        /// Epochs of the longest training of the configuration.
        var mostEpochs: Int { max(epochs, 2 * original.settings.epochs) }

        func lengthened(_ factor: Int) -> Plan {
            Plan(original, epochs: min(mostEpochs, factor * epochs))
        }
    }

    /// Share of the budget that is planned: a training may take longer than the one before it.
    private static var plannedShare: Double { 0.9 }
    /// Share of the remaining time for first trainings.
    private static var firstShare: Double { 1.0 / 3 }
    /// Share of `firstShare` in which architectures are timed.
    private static var timingShare: Double { 0.5 }
    /// Pictures for timing an architecture. With fewer pictures all of them are used, repeatedly until
    /// a quarter of this number was presented.
    private static var timedPictures: Int { 2_048 }

    private let pictures: Int
    /// Seconds to plan for.
    private let time: Double
    private let now: () -> Double
    private let train: Train
    private let begin: Double
    /// Seconds for each presented picture in the last training, by architecture.
    private var paces: [String: Double] = [:]
    /// Seconds that timing the slowest architecture took; the next may be even slower.
    private var longestMeasure = 0.0
    private var runs: [TuningRun] = []
    private var diverged: [Configuration] = []
    private var failure: ClassificationError?
    private var best: (run: TuningRun, model: Model)?

    private init(pictures: Int, budget: Double, now: @escaping () -> Double, train: @escaping Train)
    {
        self.pictures = pictures
        time = Self.plannedShare * budget
        self.now = now
        self.train = train
        begin = now()
    }

    /// Runs the search.
    ///
    /// Of four configurations with 8 epochs each and time enough, all are trained for 1 epoch, the
    /// better two for 2, and the best for 16. Ranked by accuracy; of equal accuracies the lower loss,
    /// then the earlier configuration comes first.
    /// - Parameters:
    ///   - configurations: to try, the most important first, at least one. The first trainings get an
    ///     eighth of their epochs and the last at most twice as many.
    ///   - pictures: number of training pictures.
    ///   - budget: seconds.
    ///   - now: seconds on a monotonic clock.
    /// - Throws: any error of `train`, but `ClassificationError.diverged` only if every training
    ///   diverges.
    package static func best(
        of configurations: [Configuration], pictures: Int, budget: Double,
        now: @escaping () -> Double, train: @escaping Train
    ) throws -> Outcome {
        precondition(!configurations.isEmpty, "at least one configuration")
        var halving = Halving(pictures: pictures, budget: budget, now: now, train: train)
        return try halving.run(configurations)
    }

    private mutating func run(_ configurations: [Configuration]) throws -> Outcome {
        var untried = configurations
        var rung = try first(of: &untried)
        let wasTooShort = rung.isEmpty
        if wasTooShort { rung = [Plan(shortest: configurations[0])] }
        while !rung.isEmpty {
            // From best to worst; of equal ones the earlier first.
            var ranked: [(plan: Plan, run: TuningRun)] = []
            for plan in rung {
                guard let run = try run(plan.configuration) else { continue }
                let place = ranked.firstIndex { run.isBetter(than: $0.run) }
                ranked.insert((plan, run), at: place ?? ranked.count)
            }
            rung = following(ranked.map(\.plan))
            if rung.isEmpty, !wasTooShort { rung = try first(of: &untried) }
        }
        guard let best else { throw failure ?? .noTrainingPictures }
        return Outcome(
            runs: runs, best: best.run, model: best.model, diverged: diverged,
            wasTooShort: wasTooShort)
    }

    /// First trainings of as many untried configurations, in order, as fit into their share of the
    /// remaining time.
    private mutating func first(of untried: inout [Configuration]) throws -> [Plan] {
        let begin = elapsed
        let share = Self.firstShare * (time - begin)
        var rung: [Plan] = []
        var later: [Configuration] = []
        var planned = 0.0
        for configuration in untried {
            if paces[configuration.architecture] == nil,
                elapsed - begin + longestMeasure < Self.timingShare * share
            {
                guard try measure(configuration) else { continue }
            }
            let plan = Plan(shortest: configuration)
            if let cost = cost(plan), elapsed - begin + planned + cost <= share {
                rung.append(plan)
                planned += cost
            } else {
                later.append(configuration)
            }
        }
        untried = later
        return rung
    }

    /// The trainings that follow, given the last ones from best to worst.
    private func following(_ ranked: [Plan]) -> [Plan] {
        guard let best = ranked.first else { return [] }
        let left = time - elapsed
        // Another round is worth it only if the best configuration can get twice the epochs again after
        // it. Otherwise the best gets the remaining time now.
        let reserve = cost(best.lengthened(4)) ?? left
        var rung: [Plan] = []
        var planned = 0.0
        for doubled in ranked.prefix(ranked.count / 2).map({ $0.lengthened(2) }) {
            guard let cost = cost(doubled), planned + cost <= left - reserve else { break }
            rung.append(doubled)
            planned += cost
        }
        if rung.count > 1 { return rung }
        let epochs = cost(Plan(best.original, epochs: 1)).map { cost in
            cost * Double(best.mostEpochs) <= left ? best.mostEpochs : Int(max(0, left) / cost)
        }
        guard let epochs, epochs > best.epochs else { return [] }
        return [Plan(best.original, epochs: epochs)]
    }

    private var elapsed: Double { now() - begin }

    /// The estimated seconds of a training; `nil` if its architecture was not timed.
    private func cost(_ plan: Plan) -> Double? {
        paces[plan.original.architecture].map { $0 * Double(pictures * plan.epochs) }
    }

    /// Times an architecture on so many pictures that preparations, which take constant time, hardly
    /// count.
    /// - Returns: false if the training diverged.
    private mutating func measure(_ configuration: Configuration) throws -> Bool {
        let sample = min(pictures, Self.timedPictures)
        let epochs = max(1, Self.timedPictures / 4 / sample)
        let start = now()
        guard try result(of: configuration.with(epochs: epochs), sample: sample) != nil else {
            return false
        }
        let seconds = now() - start
        longestMeasure = max(longestMeasure, seconds)
        paces[configuration.architecture] = seconds / Double(sample * epochs)
        return true
    }

    /// Trains a configuration on all pictures; `nil` if the training diverged.
    private mutating func run(_ configuration: Configuration) throws -> TuningRun? {
        let start = now()
        guard let result = try result(of: configuration, sample: nil) else { return nil }
        let seconds = now() - start
        paces[configuration.architecture] =
            seconds / Double(pictures * configuration.settings.epochs)
        let run = TuningRun(
            configuration: configuration, accuracy: result.accuracy, loss: result.loss,
            seconds: seconds)
        runs.append(run)
        if best.map({ run.isBetter(than: $0.run) }) ?? true { best = (run, result.model) }
        return run
    }

    /// The result of a training; `nil` if it diverged, as trainings with a high learning rate may.
    private mutating func result(of configuration: Configuration, sample: Int?) throws -> Result? {
        do {
            return try train(configuration, sample)
        } catch let error as ClassificationError {
            guard case .diverged = error else { throw error }
            failure = error
            diverged.append(configuration)
            return nil
        }
    }
}

/// Finds a good configuration within a time: short trainings of many, then of the better half twice
/// the epochs, and so on; the last one left gets the time that remains. If that is more than it may
/// have, the search goes on with what was not tried yet.
///
/// Successive halving: K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and
/// hyperparameter optimization", AISTATS 2016. Every training begins anew, since the learning rate
/// falls over the whole of it. How far the halving gets depends on the machine's speed; what it tries
/// first, and how it ranks, does not.
public struct Halving<Learned> {
    /// What came of a training.
    public struct Lesson {
        public let learned: Learned
        public let accuracy: Double
        public let loss: Double

        /// - Parameters:
        ///   - accuracy: share of the dev pictures predicted as labelled.
        ///   - loss: mean cross-entropy on the dev pictures.
        public init(_ learned: Learned, accuracy: Double, loss: Double) {
            self.learned = learned
            self.accuracy = accuracy
            self.loss = loss
        }
    }

    /// What came of the whole.
    public struct Outcome {
        /// In the order they were made.
        public let trials: [Trial]
        /// The best of them on the dev pictures.
        public let best: Trial
        public let learned: Learned
        /// Those that left the numbers' range.
        public let failed: [Configuration]
        /// The time was too short even for the first configuration, which was trained all the same.
        public let wasTooShort: Bool
    }

    /// Trains on all pictures, or only to be timed on the first `sample` ones.
    public typealias Learn = (Configuration, _ sample: Int?) throws -> Lesson

    /// A training to be made.
    private struct Entry {
        /// With its usual epochs.
        let usual: Configuration
        let epochs: Int

        /// The shortest training of a configuration: an eighth of the usual epochs.
        init(shortest usual: Configuration) {
            self.init(usual, epochs: max(1, usual.settings.epochs / 8))
        }

        init(_ usual: Configuration, epochs: Int) {
            self.usual = usual
            self.epochs = epochs
        }

        var configuration: Configuration { usual.with(epochs: epochs) }
        /// Epochs of the longest.
        var most: Int { max(epochs, 2 * usual.settings.epochs) }

        func lengthened(_ factor: Int) -> Entry {
            Entry(usual, epochs: min(most, factor * epochs))
        }
    }

    /// Part of the budget that is planned for: a training may take longer than the one before it.
    private static var plannedPart: Double { 0.9 }
    /// Part of the time left for first trainings.
    private static var firstPart: Double { 1.0 / 3 }
    /// Part of that in which architectures are timed beforehand.
    private static var timingPart: Double { 0.5 }
    /// Pictures that are enough to time an architecture: all of them where there are fewer, shown
    /// again until a quarter of the number was presented.
    private static var timed: Int { 2_048 }

    private let pictures: Int
    /// Seconds to plan for.
    private let time: Double
    private let now: () -> Double
    private let learn: Learn
    private let begin: Double
    /// Seconds for each presented picture, by architecture, as they were last.
    private var paces: [String: Double] = [:]
    /// Seconds it took to time the slowest architecture; the next may be slower still.
    private var longestMeasure = 0.0
    private var trials: [Trial] = []
    private var failed: [Configuration] = []
    private var failure: ClassificationError?
    private var best: (trial: Trial, learned: Learned)?

    private init(pictures: Int, budget: Double, now: @escaping () -> Double, learn: @escaping Learn)
    {
        self.pictures = pictures
        time = Self.plannedPart * budget
        self.now = now
        self.learn = learn
        begin = now()
    }

    /// - Parameters:
    ///   - configurations: to try, the ones that matter most first; their epochs are the usual ones,
    ///     of which the first trainings get an eighth and the last at most twice as many.
    ///   - pictures: to learn from.
    ///   - budget: seconds.
    ///   - now: seconds on a clock that only runs forward.
    /// - Throws: what `learn` throws, but `ClassificationError.notLearned` only if no training succeeds.
    public static func best(
        of configurations: [Configuration], pictures: Int, budget: Double,
        now: @escaping () -> Double, learn: @escaping Learn
    ) throws -> Outcome {
        precondition(!configurations.isEmpty, "something to try")
        var halving = Halving(pictures: pictures, budget: budget, now: now, learn: learn)
        return try halving.run(configurations)
    }

    private mutating func run(_ configurations: [Configuration]) throws -> Outcome {
        var untried = configurations
        var rung = try first(of: &untried)
        let wasTooShort = rung.isEmpty
        if wasTooShort { rung = [Entry(shortest: configurations[0])] }
        while !rung.isEmpty {
            // From the best down; of equal ones the earlier first.
            var ranked: [(entry: Entry, trial: Trial)] = []
            for entry in rung {
                guard let trial = try trial(entry.configuration) else { continue }
                let place = ranked.firstIndex { trial.isBetter(than: $0.trial) }
                ranked.insert((entry, trial), at: place ?? ranked.count)
            }
            rung = following(ranked.map(\.entry))
            if rung.isEmpty, !wasTooShort { rung = try first(of: &untried) }
        }
        guard let best else { throw failure ?? .nothingToLearn }
        return Outcome(
            trials: trials, best: best.trial, learned: best.learned, failed: failed,
            wasTooShort: wasTooShort)
    }

    /// First trainings: of as many of the configurations not yet tried, in order, as their part of the
    /// time left affords.
    private mutating func first(of untried: inout [Configuration]) throws -> [Entry] {
        let begin = elapsed
        let part = Self.firstPart * (time - begin)
        var rung: [Entry] = []
        var later: [Configuration] = []
        var planned = 0.0
        for configuration in untried {
            if paces[configuration.architecture] == nil,
                elapsed - begin + longestMeasure < Self.timingPart * part
            {
                guard try measure(configuration) else { continue }
            }
            let entry = Entry(shortest: configuration)
            if let cost = cost(entry), elapsed - begin + planned + cost <= part {
                rung.append(entry)
                planned += cost
            } else {
                later.append(configuration)
            }
        }
        untried = later
        return rung
    }

    /// The trainings that follow, given the last ones from the best down.
    private func following(_ ranked: [Entry]) -> [Entry] {
        guard let best = ranked.first else { return [] }
        let left = time - elapsed
        // Not worth it unless the best can then get twice the epochs again: better the last at once.
        let reserve = cost(best.lengthened(4)) ?? left
        var rung: [Entry] = []
        var planned = 0.0
        for doubled in ranked.prefix(ranked.count / 2).map({ $0.lengthened(2) }) {
            guard let cost = cost(doubled), planned + cost <= left - reserve else { break }
            rung.append(doubled)
            planned += cost
        }
        if rung.count > 1 { return rung }
        let epochs = cost(Entry(best.usual, epochs: 1)).map { cost in
            cost * Double(best.most) <= left ? best.most : Int(max(0, left) / cost)
        }
        guard let epochs, epochs > best.epochs else { return [] }
        return [Entry(best.usual, epochs: epochs)]
    }

    private var elapsed: Double { now() - begin }

    /// Seconds that a training will take; `nil` if its architecture was not timed.
    private func cost(_ entry: Entry) -> Double? {
        paces[entry.usual.architecture].map { $0 * Double(pictures * entry.epochs) }
    }

    /// Times an architecture on some pictures; preparations, which take the same for few and for many,
    /// are to weigh little.
    /// - Returns: whether it learned.
    private mutating func measure(_ configuration: Configuration) throws -> Bool {
        let sample = min(pictures, Self.timed)
        let epochs = max(1, Self.timed / 4 / sample)
        let start = now()
        guard try lesson(configuration.with(epochs: epochs), sample: sample) != nil else {
            return false
        }
        let seconds = now() - start
        longestMeasure = max(longestMeasure, seconds)
        paces[configuration.architecture] = seconds / Double(sample * epochs)
        return true
    }

    private mutating func trial(_ configuration: Configuration) throws -> Trial? {
        let start = now()
        guard let lesson = try lesson(configuration, sample: nil) else { return nil }
        let seconds = now() - start
        paces[configuration.architecture] =
            seconds / Double(pictures * configuration.settings.epochs)
        let trial = Trial(
            configuration: configuration, accuracy: lesson.accuracy, loss: lesson.loss,
            seconds: seconds)
        trials.append(trial)
        if best.map({ trial.isBetter(than: $0.trial) }) ?? true { best = (trial, lesson.learned) }
        return trial
    }

    /// What comes of a training; `nil` if it leaves the numbers' range, as one with a high rate may.
    private mutating func lesson(_ configuration: Configuration, sample: Int?) throws -> Lesson? {
        do {
            return try learn(configuration, sample)
        } catch let error as ClassificationError {
            guard case .notLearned = error else { throw error }
            failure = error
            failed.append(configuration)
            return nil
        }
    }
}

import AtlasModel
import Classification
import Foundation
import Testing

private func configuration(_ architecture: String, epochs: Int = 8) -> Configuration {
    Configuration(
        architecture: architecture,
        settings: TrainingSettings(epochs: epochs, batchSize: 16, seed: 0, threads: 1))
}

@Suite("Configurations that tuning draws")
struct ConfigurationTests {
    private static let around = ["conv2l", "deep"].map { configuration($0) }

    @Test("The defaults come first, and the same seed draws the same configurations")
    func repeats() {
        let drawn = Configuration.drawn(around: Self.around, rounds: 4, seed: 7)
        #expect(Array(drawn.prefix(2)) == Self.around)
        #expect(
            drawn.map(\.architecture)
                == Array(repeating: ["conv2l", "deep"], count: 4).flatMap { $0 })
        #expect(Configuration.drawn(around: Self.around, rounds: 4, seed: 7) == drawn)
        #expect(
            Configuration.drawn(around: Self.around, rounds: 2, seed: 7) == Array(drawn.prefix(4)))
        let others = Configuration.drawn(around: Self.around, rounds: 4, seed: 8)
        #expect(Array(others.prefix(2)) == Self.around)
        #expect(zip(drawn, others).dropFirst(2).allSatisfy { $0 != $1 })
    }

    @Test("Variants stay within their factors and have at most two digits")
    func variants() {
        let drawn = Configuration.drawn(around: [configuration("conv1l")], rounds: 500, seed: 1)
            .dropFirst().map(\.settings)
        let rates = drawn.map(\.recipe.rate)
        let decays = drawn.map(\.recipe.weightDecay)
        // Rounded to two digits: 3e-3 · 3^±1 and 1e-2 · 5^±1.
        #expect(rates.allSatisfy { (0.001...0.009).contains($0) })
        #expect(decays.allSatisfy { (0.002...0.05).contains($0) })
        // The rates are uniform on a logarithmic scale, so half of them are below the default; four
        // standard errors.
        #expect(abs(rates.count { $0 < 0.003 } - 250) < 60)
        #expect(abs(decays.count { $0 < 0.01 } - 250) < 60)
        #expect(Set(drawn.map(\.batchSize)) == [8, 16, 32])
        #expect(Set(drawn.map(\.epochs)) == [8])
        for number in rates + decays {
            let digits = "\(number)".drop { $0 == "0" || $0 == "." }
            #expect(digits.prefix { $0 != "e" }.count { $0.isNumber } <= 2, "\(number)")
        }
    }
}

/// Does not train. It returns given results after given times on its own clock.
private final class FakeTrainer {
    private(set) var clock = 0.0
    private(set) var samples: [Int] = []
    private let pictures: Int
    /// Seconds for a picture, by architecture.
    private let pace: [String: Double]

    init(pictures: Int = 1_000, pace: [String: Double] = [:]) {
        self.pictures = pictures
        self.pace = pace
    }

    /// - Parameter judge: accuracy and loss of a configuration.
    func best(
        of configurations: [Configuration], budget: Double = 1,
        judge: @escaping (Configuration) throws -> (Double, Double)
    ) throws -> Halving<String>.Outcome {
        let now = { self.clock }
        return try Halving<String>.best(
            of: configurations, pictures: pictures, budget: budget, now: now
        ) { configuration, sample in
            if let sample { self.samples.append(sample) }
            let shown = (sample ?? self.pictures) * configuration.settings.epochs
            self.clock += Double(shown) * self.pace[configuration.architecture, default: 0]
            let (accuracy, loss) = try judge(configuration)
            return .init(Self.name(configuration), accuracy: accuracy, loss: loss)
        }
    }

    static func name(_ configuration: Configuration) -> String {
        "\(configuration.architecture) \(configuration.settings.epochs)"
    }
}

@Suite("Successive halving")
struct HalvingTests {
    private static func names(_ outcome: Halving<String>.Outcome) -> [String] {
        outcome.runs.map { FakeTrainer.name($0.configuration) }
    }

    @Test(
        "The better half is trained for twice the epochs, and the best for the most epochs it may have"
    )
    func halves() throws {
        let judged = ["a": (0.5, 1.0), "b": (0.7, 0.9), "c": (0.7, 0.8), "d": (0.6, 0.1)]
        let outcome = try FakeTrainer().best(of: ["a", "b", "c", "d"].map { configuration($0) }) {
            configuration in
            let (accuracy, loss) = try #require(judged[configuration.architecture])
            // More epochs give a higher accuracy.
            return (accuracy + Double(configuration.settings.epochs) / 100, loss)
        }
        // 8 default epochs: first an eighth of them, at the end twice as many. c and b have the
        // same accuracy, and c has the lower loss.
        #expect(
            Self.names(outcome) == ["a 1", "b 1", "c 1", "d 1", "c 2", "b 2", "c 16"])
        #expect(outcome.model == "c 16")
        #expect(outcome.best == outcome.runs[6])
        #expect(outcome.best.accuracy == 0.86)
        #expect(!outcome.wasTooShort)
        #expect(outcome.diverged.isEmpty)
    }

    @Test("Of five configurations the better two continue, and equal ones in the given order")
    func odd() throws {
        let outcome = try FakeTrainer().best(
            of: ["a", "b", "c", "d", "e"].map { configuration($0) }
        ) { _ in
            (0.5, 1)
        }
        #expect(Self.names(outcome) == ["a 1", "b 1", "c 1", "d 1", "e 1", "a 2", "b 2", "a 16"])
        #expect(outcome.model == "a 1")
    }

    @Test("The best result on the dev set is kept, even if a longer training gave a worse one")
    func earlierBest() throws {
        let outcome = try FakeTrainer().best(of: ["a", "b", "c", "d"].map { configuration($0) }) {
            configuration in
            let epochs = Double(configuration.settings.epochs)
            return ((configuration.architecture == "c" ? 0.9 : 0.8) - epochs / 100, 1)
        }
        #expect(Self.names(outcome) == ["a 1", "b 1", "c 1", "d 1", "c 2", "a 2", "c 16"])
        #expect(outcome.model == "c 1")
        #expect(outcome.best == outcome.runs[2])
    }

    @Test("The planned trainings fit into the time")
    func planned() throws {
        // 27 of 30 s are planned for, 9 s of these for the first trainings, at 1 s and 4 s an epoch.
        // Timing 2,048 pictures of each takes 0.2048 s and 0.8192 s, which leaves time for 1 + 4 + 1 s,
        // but not for 4 s more; then for 4 epochs in 27 − 7.024 s.
        let trainer = FakeTrainer(pictures: 10_000, pace: ["quick": 1e-4, "slow": 4e-4])
        let configurations = ["quick", "slow", "quick", "slow"].map { configuration($0) }
        let outcome = try trainer.best(of: configurations, budget: 30) { configuration in
            (configuration.architecture == "slow" ? 0.9 : 0.8, 1)
        }
        #expect(Self.names(outcome) == ["quick 1", "slow 1", "quick 1", "slow 4"])
        #expect(
            outcome.runs.map { ($0.seconds * 1_000).rounded() } == [1_000, 4_000, 1_000, 16_000])
        #expect(trainer.samples == [2_048, 2_048])
        #expect(abs(trainer.clock - 23.024) < 1e-9)
    }

    @Test("If the time is short, the best configuration gets all of it at once")
    func atOnce() throws {
        // 270 of 300 s are planned for. Timing takes 0.2048 + 2.4576 s, the first trainings 1 + 36
        // + 1 + 36 s. In the remaining 193.3376 s, 6 epochs of 12 s and then 12 would take 216 s,
        // so the training gets 16 epochs at once.
        let trainer = FakeTrainer(pictures: 10_000, pace: ["quick": 1e-4, "slow": 1.2e-3])
        let configurations = [configuration("quick"), configuration("slow", epochs: 24)]
        let outcome = try trainer.best(of: configurations + configurations, budget: 300) {
            ($0.architecture == "slow" ? 0.9 : 0.8, 1)
        }
        #expect(Self.names(outcome) == ["quick 1", "slow 3", "quick 1", "slow 3", "slow 16"])
        #expect(abs(trainer.clock - 268.6624) < 1e-9)
    }

    @Test("Time that the best configuration may not use goes to untried ones")
    func goesOn() throws {
        // 9 of 10 s are planned for, 3 s of these for timing (0.2048 s) and the first trainings,
        // two of 1 s. The better one then gets its 2 epochs. A third of the remaining 4.7952 s is
        // enough for one more first training, and then for its 2 epochs.
        let trainer = FakeTrainer(pictures: 10_000, pace: ["a": 1e-4])
        let outcome = try trainer.best(
            of: (0..<6).map { _ in configuration("a", epochs: 1) }, budget: 10
        ) {
            _ in (0.5, 1)
        }
        #expect(Self.names(outcome) == ["a 1", "a 1", "a 2", "a 1", "a 2"])
        #expect(abs(trainer.clock - 7.2048) < 1e-9)
    }

    @Test(
        "Trainings end within the budget, for any budget",
        arguments: [5.0, 8, 13, 21, 34, 55, 89, 144, 300, 3_000], [100, 1_000, 16_000])
    func budgetKept(budget: Double, pictures: Int) throws {
        let trainer = FakeTrainer(
            pictures: pictures,
            pace: ["conv1l": 5e-5, "conv2l": 1.2e-4, "smallvgg": 3e-4, "deep": 6e-4])
        let around = ["conv1l", "conv2l", "smallvgg"].map { configuration($0, epochs: 5) }
        let drawn = Configuration.drawn(
            around: around + [configuration("deep", epochs: 24)], rounds: 4, seed: 0)
        let outcome = try trainer.best(of: drawn, budget: budget) { configuration in
            (
                configuration.architecture == "deep" ? 0.9 : 0.8,
                Double(configuration.settings.recipe.rate)
            )
        }
        #expect(!outcome.wasTooShort)
        #expect(trainer.clock <= budget)
        // At least half of the budget is used, unless the longest training was complete.
        let longest = outcome.runs.map(\.configuration).max {
            $0.settings.epochs < $1.settings.epochs
        }
        let isComplete = longest?.settings.epochs == 48
        #expect(isComplete || trainer.clock > budget / 2)
    }

    @Test("A budget that is too short still gives the first network, trained for the fewest epochs")
    func tooShort() throws {
        let trainer = FakeTrainer(pace: ["a": 0.01, "b": 0.01])
        let outcome = try trainer.best(
            of: [configuration("a", epochs: 24), configuration("b")], budget: 0.1
        ) { _ in
            (0.5, 1)
        }
        #expect(outcome.wasTooShort)
        #expect(Self.names(outcome) == ["a 3"])
        #expect(outcome.model == "a 3")
    }

    @Test("Configurations whose training diverges are left out and reported")
    func failures() throws {
        let outcome = try FakeTrainer().best(of: [
            configuration("a"), configuration("b"), configuration("c"),
        ]) { configuration in
            if configuration.architecture == "a" || configuration.settings.epochs == 16 {
                throw ClassificationError.diverged(epoch: 1)
            }
            return (0.5, 1)
        }
        #expect(Self.names(outcome) == ["b 1", "c 1"])
        #expect(outcome.diverged.map(FakeTrainer.name) == ["a 1", "b 16"])
        #expect(outcome.model == "b 1")
        #expect(throws: ClassificationError.diverged(epoch: 2)) {
            try FakeTrainer().best(of: [configuration("a")]) { _ in
                throw ClassificationError.diverged(epoch: 2)
            }
        }
        #expect(throws: ClassificationError.noTrainingPictures) {
            try FakeTrainer().best(of: [configuration("a")]) { _ in
                throw ClassificationError.noTrainingPictures
            }
        }
    }
}

public import AtlasModel
import Classification

/// What `tune` answers.
public struct TuneResult: Encodable, Sendable, Equatable {
    /// In the order they were made.
    public let trials: [Trial]
    /// The one of them whose network was saved.
    public let best: Trial
    public let accuracy: Accuracy
    public let errata: [Erratum]

    /// A training that was made to compare settings.
    public struct Trial: Codable, Sendable, Equatable {
        public let settings: Settings
        public let accuracy: Accuracy
        public let seconds: Double

        /// Share of the dev pictures predicted as labelled.
        public struct Accuracy: Codable, Sendable, Equatable {
            public let dev: Double
        }
    }

    public struct Settings: Codable, Sendable, Equatable {
        public let architecture: String
        public let epochs: Int
        public let batchSize: Int
        /// Highest learning rate.
        public let rate: Float
        public let weightDecay: Float
    }

    /// Share of the test pictures predicted as labelled; `nil` without any.
    public struct Accuracy: Codable, Sendable, Equatable {
        public let test: Double?
    }
}

extension TuneResult.Trial {
    init(_ run: TuningRun) {
        self.init(
            settings: .init(run.configuration), accuracy: .init(dev: run.accuracy),
            seconds: run.seconds)
    }
}

extension TuneResult.Settings: CustomStringConvertible {
    init(_ configuration: Configuration) {
        let settings = configuration.settings
        self.init(
            architecture: configuration.architecture, epochs: settings.epochs,
            batchSize: settings.batchSize, rate: settings.recipe.rate,
            weightDecay: settings.recipe.weightDecay)
    }

    public var description: String {
        "\(architecture), \(epochs) \(epochs == 1 ? "epoch" : "epochs") in steps of \(batchSize), "
            + "rate \(rate), weight decay \(weightDecay)"
    }
}

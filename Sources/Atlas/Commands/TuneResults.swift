package import AtlasModel
import Classification

/// The result of `tune`.
package struct TuneResult: Encodable, Sendable, Equatable {
    /// In the order in which they were made.
    package let trials: [Trial]
    /// The training whose network was saved.
    package let best: Trial
    package let accuracy: Accuracy
    package let errata: [Erratum]

    /// One training that was made to compare settings.
    package struct Trial: Codable, Sendable, Equatable {
        package let settings: Settings
        package let accuracy: Accuracy
        package let seconds: Double

        /// Share of the dev pictures predicted as labelled.
        package struct Accuracy: Codable, Sendable, Equatable {
            package let dev: Double
        }
    }

    package struct Settings: Codable, Sendable, Equatable {
        package let architecture: String
        package let epochs: Int
        package let batchSize: Int
        /// Highest learning rate.
        package let rate: Float
        package let weightDecay: Float
    }

    /// Share of the test pictures predicted as labelled; `nil` without any.
    package struct Accuracy: Codable, Sendable, Equatable {
        package let test: Double?
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

    package var description: String {
        "\(architecture), \(epochs) \(epochs == 1 ? "epoch" : "epochs") in steps of \(batchSize), "
            + "rate \(rate), weight decay \(weightDecay)"
    }
}

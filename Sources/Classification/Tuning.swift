import AtlasModel
import Foundation
import RandomNumbers

/// An architecture and the settings it learns by: what tuning compares.
public struct Configuration: Sendable, Equatable {
    public let architecture: String
    public var settings: TrainingSettings

    public init(architecture: String, settings: TrainingSettings) {
        self.architecture = architecture
        self.settings = settings
    }

    /// What to try around usual configurations: in the first round themselves, in each further one a
    /// variant of each.
    ///
    /// A variant's learning rate lies within a factor of 3 of the usual one, its weight decay within a
    /// factor of 5, both even on a logarithmic scale and of two digits, so that they can be typed;
    /// its steps take half, once or twice the usual number of pictures. A seed always draws the same,
    /// and more rounds leave the earlier ones as they are.
    public static func drawn(around usual: [Configuration], rounds: Int, seed: UInt64)
        -> [Configuration]
    {
        var random = SplitMix64(seed: seed)
        var drawn = usual
        for _ in 1..<max(1, rounds) {
            drawn += usual.map { $0.varied(&random) }
        }
        return drawn
    }

    private func varied(_ random: inout SplitMix64) -> Configuration {
        var varied = self
        varied.settings.recipe.rate = Self.scaled(settings.recipe.rate, within: 3, &random)
        varied.settings.recipe.weightDecay = Self.scaled(
            settings.recipe.weightDecay, within: 5, &random)
        // A normalisation needs at least two pictures in a step.
        varied.settings.batchSize = max(2, (settings.batchSize << random.below(3)) / 2)
        return varied
    }

    private static func scaled(_ value: Float, within factor: Double, _ random: inout SplitMix64)
        -> Float
    {
        let scaled = Double(value) * pow(factor, random.uniform(-1...1))
        let unit = pow(10, floor(log10(scaled)) - 1)
        // Divided by a power of ten rather than multiplied, which would not give the nearest decimal.
        return Float((scaled / unit).rounded() / (1 / unit).rounded())
    }

    func with(epochs: Int) -> Configuration {
        var changed = self
        changed.settings.epochs = epochs
        return changed
    }
}

/// A training that was made to compare configurations.
public struct Trial: Sendable, Equatable {
    public let configuration: Configuration
    /// Share of the dev pictures predicted as labelled.
    public let accuracy: Double
    /// Mean cross-entropy on the dev pictures.
    public let loss: Double
    public let seconds: Double

    public init(configuration: Configuration, accuracy: Double, loss: Double, seconds: Double) {
        self.configuration = configuration
        self.accuracy = accuracy
        self.loss = loss
        self.seconds = seconds
    }

    /// By accuracy; among equal ones by loss.
    func isBetter(than other: Trial) -> Bool {
        (-accuracy, loss) < (-other.accuracy, other.loss)
    }
}

extension Architecture {
    /// Training pictures from which on the networks with hundreds of thousands of values are worth
    /// their time; with fewer they learn the pictures by heart.
    private static let enough = 1_000

    /// The known architectures that suit so many training pictures.
    public static func suited(to pictures: Int) -> [String] {
        pictures < enough ? ["conv1l", "conv2l"] : known
    }
}

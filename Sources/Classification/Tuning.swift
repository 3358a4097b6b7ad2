import AtlasModel
import Foundation
import RandomNumbers

/// An architecture with training settings, as `tune` compares them.
package struct Configuration: Sendable, Equatable {
    package let architecture: String
    package var settings: TrainingSettings

    package init(architecture: String, settings: TrainingSettings) {
        self.architecture = architecture
        self.settings = settings
    }

    /// Configurations to try: in the first round the given defaults, in each further round a variant of
    /// each of them.
    ///
    /// The learning rate of a variant is the default times a factor from 1/3 to 3, its weight decay from
    /// 1/5 to 5, both uniform on a logarithmic scale and rounded to two digits, so that users can type
    /// them. Its batch size is half, once or twice the default. Two defaults and three rounds give six
    /// configurations, of which the first two are the defaults. The same seed gives the same
    /// configurations, and more rounds do not change the earlier ones.
    package static func drawn(around defaults: [Configuration], rounds: Int, seed: UInt64)
        -> [Configuration]
    {
        var random = SplitMix64(seed: seed)
        var drawn = defaults
        for _ in 1..<max(1, rounds) {
            drawn += defaults.map { $0.varied(&random) }
        }
        return drawn
    }

    private func varied(_ random: inout SplitMix64) -> Configuration {
        var varied = self
        varied.settings.recipe.rate = Self.scaled(settings.recipe.rate, within: 3, &random)
        varied.settings.recipe.weightDecay = Self.scaled(
            settings.recipe.weightDecay, within: 5, &random)
        // Batch normalisation needs at least two pictures.
        varied.settings.batchSize = max(2, (settings.batchSize << random.below(3)) / 2)
        return varied
    }

    private static func scaled(_ value: Float, within factor: Double, _ random: inout SplitMix64)
        -> Float
    {
        let scaled = Double(value) * pow(factor, random.uniform(-1...1))
        let unit = pow(10, floor(log10(scaled)) - 1)
        // Dividing by a power of ten gives the nearest decimal number; multiplying by 0.001 does not.
        return Float((scaled / unit).rounded() / (1 / unit).rounded())
    }

    func with(epochs: Int) -> Configuration {
        var changed = self
        changed.settings.epochs = epochs
        return changed
    }
}

/// One training in a search for the best configuration.
package struct TuningRun: Sendable, Equatable {
    package let configuration: Configuration
    /// Accuracy on the dev set.
    package let accuracy: Double
    /// Mean cross-entropy on the dev set.
    package let loss: Double
    package let seconds: Double

    package init(configuration: Configuration, accuracy: Double, loss: Double, seconds: Double) {
        self.configuration = configuration
        self.accuracy = accuracy
        self.loss = loss
        self.seconds = seconds
    }

    /// Whether the accuracy is higher, or equal with a lower loss.
    func isBetter(than other: TuningRun) -> Bool {
        (-accuracy, loss) < (-other.accuracy, other.loss)
    }
}

extension Architecture {
    /// The smallest number of training pictures for networks with hundreds of thousands of parameters;
    /// with fewer pictures these overfit.
    private static let fewestForLargeNetworks = 1_000

    /// Names of the architectures that suit a number of training pictures: `conv1l` and `conv2l` for
    /// 999, all of `ofVectors` for 1,000.
    package static func suited(to pictures: Int) -> [String] {
        pictures < fewestForLargeNetworks ? ["conv1l", "conv2l"] : ofVectors
    }
}

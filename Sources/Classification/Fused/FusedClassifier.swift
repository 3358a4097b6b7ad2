package import AtlasModel
import Foundation

/// A classifier of textures and a network together: the score of a class is the weighted mean of the
/// logarithms of both calibrated probabilities (a logarithmic opinion pool: C. Genest and J. V. Zidek 1986,
/// "Combining probability distributions", Statistical Science 1:114–135).
///
/// The weight is fitted on the dev set, which neither has learned from: on training pictures a network is
/// nearly always right, so these would tell nothing of how far to trust it.
package struct FusedClassifier: Sendable, Equatable {
    package let textures: TextureClassifier
    package let network: Network
    /// That of the classifier of textures, 0 to 1; the network has the rest.
    package let weight: Double
    /// The number by which scores are divided for calibrated probabilities, fitted on the dev set; 1
    /// without one.
    package let temperature: Double

    /// The weights that are tried.
    static let weights = (0...10).map { Double($0) / 10 }

    /// Predictions of both parts for the same pictures, before calibration.
    package typealias Parts = (textures: [Prediction], network: [Prediction])

    /// Fuses two classifiers of the same classes.
    /// - Parameters:
    ///   - parts: their predictions of the dev set.
    ///   - labels: of the dev set.
    package init(
        _ textures: TextureClassifier, _ network: Network, parts: Parts, labels: [Int]
    ) {
        precondition(textures.classes == network.classes, "both name the same classes")
        let logarithms = Logarithms(parts, textures.temperature, network.temperature)
        (weight, temperature) = logarithms.fitted(labels)
        self.textures = textures
        self.network = network
    }

    init(
        _ textures: TextureClassifier, _ network: Network, weight: Double, temperature: Double
    ) {
        self.textures = textures
        self.network = network
        self.weight = weight
        self.temperature = temperature
    }

    /// Predictions of the dev set, each with a weight that was fitted on the other folds of it.
    /// - Parameter folds: numbers of dev pictures; a group is in one fold. Each picture is in one.
    package func crossValidated(parts: Parts, labels: [Int], folds: [[Int]]) -> [Prediction] {
        let logarithms = Logarithms(parts, textures.temperature, network.temperature)
        var predictions = logarithms.predictions(weight: weight)
        for fold in folds {
            let inside = Set(fold)
            let others = labels.indices.filter { !inside.contains($0) }
            let (weight, _) = logarithms.selecting(others).fitted(others.map { labels[$0] })
            let own = logarithms.selecting(fold).predictions(weight: weight)
            for (place, prediction) in zip(fold, own) { predictions[place] = prediction }
        }
        return predictions
    }

    /// Predictions, before calibration, from those of both parts.
    package func predictions(_ parts: Parts) -> [Prediction] {
        Logarithms(parts, textures.temperature, network.temperature).predictions(weight: weight)
    }

    /// The settings in a sentence for readers.
    package var recipeDescription: String {
        let own = textures.settings.recipeDescription(landmarks: textures.landmarkCount)
        let other = network.recipeDescription.map { " (\($0))" } ?? ""
        return
            "the mean of the logarithms of two classifiers' probabilities, with the weight \(weight) for "
            + "\(Classifier.textureName) (\(own)) and the rest for the network \(network.architecture.name)"
            + "\(other); of \(Self.weights.count) weights this one fits the dev set best"
    }
}

/// Logarithms of the calibrated probabilities of both parts.
private struct Logarithms {
    private let textures: [[Float]]
    private let network: [[Float]]

    init(_ parts: FusedClassifier.Parts, _ ofTextures: Double, _ ofNetwork: Double) {
        func logarithms(_ predictions: [Prediction], _ temperature: Double) -> [[Float]] {
            predictions.map { $0.calibrated(temperature: temperature).logarithms }
        }
        textures = logarithms(parts.textures, ofTextures)
        network = logarithms(parts.network, ofNetwork)
    }

    private init(textures: [[Float]], network: [[Float]]) {
        self.textures = textures
        self.network = network
    }

    func selecting(_ places: [Int]) -> Logarithms {
        Logarithms(textures: places.map { textures[$0] }, network: places.map { network[$0] })
    }

    private func scores(weight: Double) -> [[Float]] {
        zip(textures, network).map { textures, network in
            zip(textures, network).map { Float(weight) * $0 + Float(1 - weight) * $1 }
        }
    }

    func predictions(weight: Double) -> [Prediction] {
        scores(weight: weight).map { Prediction(probabilities: Network.softmax($0)) }
    }

    /// The weight and the temperature with the lowest cross-entropy; of equal ones the largest weight, so
    /// that of textures alone without labels.
    func fitted(_ labels: [Int]) -> (weight: Double, temperature: Double) {
        var best = (weight: 1.0, temperature: 1.0, loss: Double.infinity)
        for weight in FusedClassifier.weights.reversed() {
            let scores = scores(weight: weight)
            let temperature = Temperature.fitted(scores: scores, labels: labels)
            var loss = 0.0
            for (row, label) in zip(scores, labels) {
                let own = Network.softmax(row.map { $0 / Float(temperature) })[label]
                loss -= log(Double(max(own, .leastNormalMagnitude)))
            }
            if loss < best.loss { best = (weight, temperature, loss) }
        }
        return (best.weight, best.temperature)
    }
}

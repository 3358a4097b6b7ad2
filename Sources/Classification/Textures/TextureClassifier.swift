package import AtlasModel
import Foundation
package import Parallel

/// A classifier of textures: kernel ridge regression on the descriptors of pictures, one output for
/// each class, trained in seconds. Where a network is to be worth its time, it has to be right more
/// often.
///
/// The score of a class is a weighted sum of how alike the picture is to each of its landmarks, which
/// are training pictures, and a constant (C. K. I. Williams and M. Seeger 2001, "Using the Nyström
/// method to speed up kernel machines", NIPS 13). As a classifier it is the least-squares support
/// vector machine (J. A. K. Suykens and J. Vandewalle 1999, Neural Processing Letters 9:293–300).
package struct TextureClassifier: Sendable, Equatable {
    /// Names of the classes, in the order of its outputs.
    package let classes: [String]
    package let settings: TextureSettings
    /// The descriptors of the landmarks, with the weights of the training set.
    let landmarks: TextureVectors
    /// `(landmarks, classes)`.
    let coefficients: Matrix
    /// One for each class.
    let intercepts: [Double]
    /// The number by which scores are divided for calibrated probabilities, fitted on the dev set; 1
    /// without one.
    package let temperature: Double
    /// Digests of the pictures it was trained on, sorted.
    package let trainingDigests: [String]

    /// Number of values that were fitted or kept: landmarks, coefficients and constants.
    package var parameterCount: Int {
        landmarks.features.values.count + coefficients.values.count + intercepts.count
    }

    /// Number of training pictures that others are compared with.
    package var landmarkCount: Int { landmarks.features.count }

    /// Predicts the class of each row, in order: the softmax of its scores. Without rows the result is
    /// empty.
    package func predict(_ textures: TextureVectors, workers: Workers) throws -> [Prediction] {
        try scores(textures, workers: workers).map { row in
            Prediction(probabilities: Network.softmax(row))
        }
    }

    /// What the softmax is taken of: outputs of the regression times the sharpness.
    func scores(_ textures: TextureVectors, workers: Workers) throws -> [[Float]] {
        let kernel = TextureKernel(rate: settings.rate, landmarks: landmarks.weighted)
        let rows = TextureVectors(textures.features, parts: landmarks.parts).weighted
        let outputs = try kernel.values(of: rows, workers: workers).times(coefficients)
        return (0..<outputs.rows).map { row in
            zip(outputs.row(row), intercepts).map { Float(settings.sharpness * ($0 + $1)) }
        }
    }

    func with(temperature: Double) -> TextureClassifier {
        TextureClassifier(
            classes: classes, settings: settings, landmarks: landmarks, coefficients: coefficients,
            intercepts: intercepts, temperature: temperature, trainingDigests: trainingDigests)
    }
}

/// What decides how a classifier of textures follows its training pictures.
package struct TextureSettings: Sendable, Equatable, Codable {
    /// γ of `TextureKernel`: the higher, the nearer a picture has to be to count.
    package let rate: Double
    /// λ: the higher, the less the outputs follow single pictures.
    package let penalty: Double
    /// The number that makes scores of outputs, which lie near 0 and 1.
    package let sharpness: Double
    /// The share of training pictures that were predicted as labelled when their groups were left out.
    package let share: Double
}

extension TextureSettings {
    /// The settings in a sentence for readers.
    package func recipeDescription(landmarks: Int) -> String {
        "kernel ridge regression on histograms of colours and textures, compared with those of "
            + "\(landmarks) training pictures, with γ = \(rate) and λ = \(penalty), which were best of "
            + "\(TextureSearch.rates.count * TextureSearch.penalties.count) pairs when each fifth of the "
            + "training pictures was left out"
    }
}

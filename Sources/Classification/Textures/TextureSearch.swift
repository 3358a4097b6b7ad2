import Foundation
package import Parallel

/// Finds the settings of a classifier of textures by cross-validation: each fold of the training set is
/// predicted from the others, with every pair of settings.
package enum TextureSearch {
    /// Raised when the same pictures give another classifier.
    package static let revision = 1
    /// The values of γ and λ that are tried.
    static let rates: [Double] = [0.05, 0.1, 0.2, 0.4, 0.8]
    static let penalties = [0.01, 0.03, 0.1, 0.3]

    /// The settings with the lowest cross-entropy of the left-out pictures; of equal ones the first.
    /// - Parameters:
    ///   - folds: numbers of training pictures; a group is in one fold.
    ///   - progress: in pairs of settings.
    package static func settings(
        for data: TextureData, folds: [[Int]], workers: Workers, progress: ProgressReport? = nil
    ) throws -> TextureSettings {
        guard !data.labels.isEmpty else { throw ClassificationError.noTrainingPictures }
        var best: (settings: TextureSettings, loss: Double)?
        for (number, rate) in rates.enumerated() {
            for trial in try trials(rate: rate, data, folds: folds, workers: workers)
            where trial.loss < best?.loss ?? .infinity {
                best = trial
            }
            progress?((number + 1) * penalties.count, rates.count * penalties.count)
        }
        guard let best else { preconditionFailure("A cross-entropy is a finite number.") }
        return best.settings
    }

    private typealias Trial = (settings: TextureSettings, loss: Double)

    private static func trials(
        rate: Double, _ data: TextureData, folds: [[Int]], workers: Workers
    ) throws -> [Trial] {
        let rows = try LandmarkFeatures(data, rate: rate, workers: workers).rows
        let targets = data.labels.targets(classes: data.classes.count)
        let parts = try workers.map(folds.count) { fold in
            RidgeMoments(
                rows.selecting(folds[fold]), targets: targets.selecting(folds[fold]))
        }
        let all = RidgeMoments(rows, targets: targets)
        let outputs = try workers.map(folds.count * penalties.count) { number -> Matrix in
            let fold = number / penalties.count
            let ridge = all.leavingOut(parts[fold]).fitted(
                penalty: penalties[number % penalties.count])
            var outputs = rows.selecting(folds[fold]).times(ridge.weights.transposed)
            for row in 0..<outputs.rows {
                for column in 0..<outputs.columns {
                    outputs[row, column] += ridge.intercepts[column]
                }
            }
            return outputs
        }
        let labels = folds.joined().map { data.labels[$0] }
        return penalties.indices.map { place in
            let own = folds.indices.flatMap { fold -> [[Double]] in
                let outputs = outputs[fold * penalties.count + place]
                return (0..<outputs.rows).map { Array(outputs.row($0)) }
            }
            return judged(own, labels, rate: rate, penalty: penalties[place])
        }
    }

    /// Scores are outputs times ten before their temperature is fitted, which then lies near 1.
    private static let scale: Float = 10

    private static func judged(
        _ outputs: [[Double]], _ labels: [Int], rate: Double, penalty: Double
    ) -> Trial {
        let scores = outputs.map { $0.map { Float($0) * scale } }
        let temperature = Temperature.fitted(scores: scores, labels: labels)
        let sharpness = Double(scale) / temperature
        var loss = 0.0
        var correct = 0
        for (row, label) in zip(outputs, labels) {
            let sharp = row.map { $0 * sharpness }
            let most = sharp.max() ?? 0
            loss += log(sharp.reduce(0) { $0 + exp($1 - most) }) + most - sharp[label]
            if row.firstIndex(of: row.max() ?? 0) == label { correct += 1 }
        }
        let count = Double(max(1, labels.count))
        return (
            TextureSettings(
                rate: rate, penalty: penalty, sharpness: sharpness, share: Double(correct) / count),
            loss / count
        )
    }
}

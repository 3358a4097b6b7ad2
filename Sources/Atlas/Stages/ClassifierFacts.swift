import AtlasModel
import Catalog
import Classification
import Statistics

extension Catalogue {
    /// How good a classifier's probabilities on the `judged` pictures are before and after
    /// calibration.
    /// - Parameter plain: predictions of every picture before calibration.
    func calibration(of classifier: Classifier, _ plain: [Prediction], on judged: [Int])
        -> CalibrationSummary
    {
        let labels = judged.compactMap { images[$0].label }
        let before = judged.map { plain[$0] }
        return CalibrationSummary(
            temperature: classifier.temperature,
            before: Calibration(predictions: before, labels: labels),
            after: Calibration(predictions: before.map(classifier.calibrated), labels: labels))
    }

    /// What the predictions say about the labels of the `judged` pictures.
    func evidence(from predictions: [Prediction], on judged: [Int], _ types: [RockType])
        -> LabelEvidence
    {
        let confirmed = Set(corrections.filter(\.confirms).map(\.key))
        return LabelEvidence(
            predictions: predictions, labels: images.map(\.label), judged: judged.sorted(),
            confirmed: Set(images.indices.filter { confirmed.contains(images[$0].key) }),
            types: types.count)
    }
}

extension Classifier {
    /// How the classifier was made, as far as its file says.
    func card() throws -> ModelCard {
        switch self {
        case .network(let network): try network.card(recipeDescription)
        case .textures:
            ModelCard(
                recipe: recipeDescription, seed: nil, threads: nil, curve: nil, layers: [],
                versions: [SoftwareVersion(name: "GeoAtlas", version: Release.version)])
        case .fused(let fused): try fused.network.card(recipeDescription)
        }
    }
}

extension Network {
    /// How the network was made, as far as its file says.
    /// - Parameter recipe: in a sentence; `nil` if its file does not say.
    fileprivate func card(_ recipe: String?) throws -> ModelCard {
        ModelCard(
            recipe: recipe, seed: seed, threads: threads,
            curve: origin.map { origin in
                TrainingCurve(
                    epochs: origin.history.map {
                        TrainingCurve.Epoch(
                            number: $0.epoch, trainingLoss: $0.trainingLoss, devLoss: $0.devLoss,
                            devAccuracy: $0.devAccuracy)
                    }, kept: origin.keptEpoch)
            },
            layers: try layers(), inputSide: architecture.side,
            versions: [
                SoftwareVersion(name: "GeoAtlas", version: Release.version), Network.library,
            ])
    }
}

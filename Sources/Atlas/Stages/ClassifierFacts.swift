import AtlasModel
import Catalog
import Classification
import Statistics

extension Catalogue {
    /// How good a network's probabilities on the `judged` pictures are before and after
    /// calibration.
    /// - Parameter plain: predictions of every picture before calibration.
    func calibration(of network: Network, _ plain: [Prediction], on judged: [Int])
        -> CalibrationSummary
    {
        let labels = judged.compactMap { images[$0].label }
        let before = judged.map { plain[$0] }
        return CalibrationSummary(
            temperature: network.temperature,
            before: Calibration(predictions: before, labels: labels),
            after: Calibration(predictions: before.map(network.calibrated), labels: labels))
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

extension Network {
    /// How the network was made, as far as its file says.
    func card() throws -> ModelCard {
        ModelCard(
            recipe: recipeDescription, seed: seed, threads: threads,
            curve: origin.map { origin in
                TrainingCurve(
                    epochs: origin.history.map {
                        TrainingCurve.Epoch(
                            number: $0.epoch, trainingLoss: $0.trainingLoss, devLoss: $0.devLoss,
                            devAccuracy: $0.devAccuracy)
                    }, kept: origin.keptEpoch)
            },
            layers: try layers(),
            versions: [
                SoftwareVersion(name: "GeoAtlas", version: Release.version), Network.library,
            ])
    }
}

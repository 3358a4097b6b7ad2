import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel
import Statistics

/// The predictions of every picture, and what the models page shows about the network.
struct Classification {
    /// Calibrated, one for each picture.
    let predictions: [Prediction]
    let summary: ClassifierSummary
    let evidence: LabelEvidence
    /// The network of the atlas, not that of a fold.
    let network: StoredNetwork
}

extension BuildContext {
    /// Classifies every picture with the network that the settings name. The network is trained
    /// first unless it is a file.
    ///
    /// With folds, each training picture is predicted by a network that was not trained on it.
    /// - Returns: `nil`, and tells why, when there are too few labelled pictures to train a network.
    /// - Throws: `AtlasError.classesDiffer` for a network file with other classes.
    mutating func classify(_ loaded: LoadedCollection) throws -> Classification? {
        if Network.isFile(settings.network) {
            let network = try StoredNetwork(
                file: settings.network, types: types, collection: loaded.path,
                settings: settings.file)
            for note in network.notes { narrator.warn(note) }
            return try run(.classify(loaded.catalogue, by: network, self))
        }
        let request = trainingRequest(loaded)
        if let obstacle = request.obstacle {
            narrator.warn("this atlas has no network and no predictions. \(obstacle)")
            return nil
        }
        let networks = try train(request)
        return try run(.classify(loaded.catalogue, by: networks, self))
    }
}

extension Stage<Classification> {
    /// Classifies with a network from a file.
    static func classify(
        _ catalogue: Catalogue, by main: StoredNetwork, _ context: BuildContext
    ) -> Stage {
        Stage(.classify) { progress in
            let network = main.network
            let plain = try context.predictions(
                of: main, as: "main", catalogue, progress: progress)
            let predictions = plain.map(network.calibrated)
            return Classification(
                predictions: predictions,
                summary: try context.summary(of: main, plain, catalogue, trained: nil),
                evidence: catalogue.evidence(
                    from: predictions, on: catalogue.unseenTest(by: network), context.types),
                network: main)
        }
    }

    /// Classifies with the network of the atlas. The pictures of each fold are classified with the
    /// network that was not trained on them.
    static func classify(
        _ catalogue: Catalogue, by networks: TrainedNetworks, _ context: BuildContext
    ) -> Stage {
        Stage(.classify) { progress in
            let main = networks.main.stored(as: networks.architecture)
            let plain = try context.predictions(
                of: main, as: "main", catalogue, progress: progress)
            var predictions = plain.map(main.network.calibrated)
            for (number, (pictures, other)) in networks.folds.enumerated() {
                let own = try context.predictions(
                    of: other.stored(as: networks.architecture), as: "fold-\(number + 1)",
                    catalogue, pictures: pictures)
                for (index, prediction) in zip(pictures, own) {
                    predictions[index] = other.network.calibrated(prediction)
                }
            }
            let claim = try context.randomClaim(of: networks, catalogue)
            return Classification(
                predictions: predictions,
                summary: try context.summary(
                    of: main, plain, catalogue, trained: networks, claim),
                evidence: catalogue.evidence(
                    from: predictions, on: catalogue.impartial(networks), context.types),
                network: main)
        }
    }
}

extension TrainedNetwork {
    /// The network with its file, under a name for pages.
    fileprivate func stored(as name: String) -> StoredNetwork {
        StoredNetwork(name: name, path: path, network: network)
    }
}

extension Catalogue {
    /// Labelled pictures that influenced neither the training nor the choice of the network that
    /// predicts them. With folds these are all labelled pictures. Without folds they are the test
    /// set, because the dev set decided which epoch to use.
    fileprivate func impartial(_ networks: TrainedNetworks) -> [Int] {
        let test = labelled(in: .test)
        return networks.folds.isEmpty
            ? test : networks.folds.flatMap(\.pictures) + labelled(in: .dev) + test
    }
}

extension BuildContext {
    /// What the models page shows about the network in use.
    /// - Parameters:
    ///   - plain: its predictions of all pictures, before calibration.
    ///   - trained: the networks of this build; `nil` for a network from a file.
    ///   - claim: what dividing pictures at random would have claimed.
    fileprivate func summary(
        of main: StoredNetwork, _ plain: [Prediction], _ catalogue: Catalogue,
        trained: TrainedNetworks?, _ claim: RandomClaim? = nil
    ) throws -> ClassifierSummary {
        let network = main.network
        let judged = catalogue.unseenTest(by: network)
        let test = catalogue.evaluation(of: plain, on: judged, types)
        let seconds = RunRecord.read(of: main.path)?.seconds
        let epochs = trained?.settings.epochs
        let used = ComparedNetwork(
            name: main.name, isUsed: true,
            accuracy: catalogue.accuracy(of: judged.map { plain[$0] }, on: judged),
            parameters: network.parameterCount,
            epochs: epochs ?? network.origin?.settings.epochs, seconds: seconds)
        return ClassifierSummary(
            name: main.name, parameters: network.parameterCount, epochs: epochs,
            folds: trained?.folds.count ?? 0, judged: judged, test: test,
            seenInTest: catalogue.labelled(in: .test).count - judged.count,
            calibration: catalogue.calibration(of: network, plain, on: judged),
            card: try network.card(), compared: try [used] + others(than: main, catalogue),
            seconds: seconds, randomClaim: claim)
    }

    /// What the network of the fold drawn at random predicts.
    fileprivate func randomClaim(of networks: TrainedNetworks, _ catalogue: Catalogue) throws
        -> RandomClaim?
    {
        guard let (pictures, network) = networks.random else { return nil }
        let predictions = try predictions(
            of: network.stored(as: networks.architecture), as: "random", catalogue,
            pictures: pictures)
        return RandomClaim(
            trained: catalogue.labelled(in: .train).count - pictures.count, pictures: pictures,
            predicted: predictions.map(\.predicted))
    }
}

import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel
import Statistics

/// The predictions of every picture, and what the models page shows about the classifier.
struct Classification {
    /// Calibrated, one for each picture.
    let predictions: [Prediction]
    let summary: ClassifierSummary
    let evidence: LabelEvidence
    /// The network whose features may be compared; `nil` without one.
    let network: StoredClassifier?
}

extension BuildContext {
    /// Classifies every picture with the classifier that the settings name. It is trained first unless
    /// it is a file.
    ///
    /// With folds, each training picture is predicted by a classifier that was not trained on it.
    /// - Returns: `nil`, and tells why, when there are too few labelled pictures to train one.
    /// - Throws: `AtlasError.classesDiffer` for a file with other classes.
    mutating func classify(_ loaded: LoadedCollection) throws -> Classification? {
        // Nothing after this stage sees crops.
        defer { larger = nil }
        if let file = settings.networkFile {
            let classifier = try StoredClassifier(
                file: file, types: types, collection: loaded.path, settings: settings.file)
            for note in classifier.notes { narrator.warn(note) }
            let others = self.others(than: classifier)
            let input = try self.input(loaded, for: ([classifier] + others).map(\.classifier))
            return try run(
                .classify(loaded.catalogue, input, by: classifier, others: others, self))
        }
        let request = trainingRequest(loaded)
        if let obstacle = request.obstacle {
            narrator.warn("this atlas has no network and no predictions. \(obstacle)")
            return nil
        }
        let trained = try self.train(request)
        let others = self.others(than: trained.stored)
        let input = try self.input(
            loaded, for: ([trained.stored] + others).map(\.classifier))
        return try run(.classify(loaded.catalogue, input, by: trained, others: others, self))
    }

    /// The other classifiers of the workspace.
    private func others(than used: StoredClassifier) -> [StoredClassifier] {
        workspace?.classifiers(like: used, warn: narrator.warn) ?? []
    }
}

extension Stage<Classification> {
    /// Classifies with a classifier from a file.
    static func classify(
        _ catalogue: Catalogue, _ input: ClassifierInput, by main: StoredClassifier,
        others: [StoredClassifier], _ context: BuildContext
    ) -> Stage {
        Stage(.classify) { progress in
            let classifier = main.classifier
            try context.makePart(
                of: [context.predicting(with: main, as: "main", input)]
                    + context.comparing(others, catalogue, input), progress: progress)
            let plain = try context.predictions(of: main, as: "main", input, progress: progress)
            let predictions = plain.map(classifier.calibrated)
            return Classification(
                predictions: predictions,
                summary: try context.summary(
                    of: main, plain, catalogue, trained: nil,
                    others: context.compared(others, catalogue, input)),
                evidence: catalogue.evidence(
                    from: predictions,
                    on: catalogue.unseenTest(by: classifier.trainingDigests), context.types),
                network: main.seesVectors ? main : nil)
        }
    }

    /// Classifies with the classifier of the atlas. The pictures of each fold are classified with the
    /// one that was not trained on them.
    static func classify(
        _ catalogue: Catalogue, _ input: ClassifierInput, by trained: TrainedClassifiers,
        others: [StoredClassifier], _ context: BuildContext
    ) -> Stage {
        Stage(.classify) { progress in
            let main = trained.stored
            let folds = trained.folds.enumerated().map { number, fold in
                (
                    file: "fold-\(number + 1)", pictures: fold.pictures,
                    classifier: fold.classifier
                )
            }
            let random = trained.random.map {
                (file: "random", pictures: $0.pictures, classifier: $0.classifier)
            }
            try context.makePart(
                of: [context.predicting(with: main, as: "main", input)]
                    + (folds + [random].compactMap(\.self)).map {
                        try context.predicting(
                            with: $0.classifier.stored(as: trained.name), as: $0.file, input,
                            pictures: $0.pictures)
                    } + context.comparing(others, catalogue, input), progress: progress)
            let plain = try context.predictions(of: main, as: "main", input, progress: progress)
            var predictions = plain.map(main.classifier.calibrated)
            for (file, pictures, other) in folds {
                let own = try context.predictions(
                    of: other.stored(as: trained.name), as: file, input, pictures: pictures)
                for (index, prediction) in zip(pictures, own) {
                    predictions[index] = other.classifier.calibrated(prediction)
                }
            }
            let claim = try context.randomClaim(of: trained, catalogue, input)
            return Classification(
                predictions: predictions,
                summary: try context.summary(
                    of: main, plain, catalogue, trained: trained,
                    others: context.compared(others, catalogue, input), claim),
                evidence: catalogue.evidence(
                    from: predictions, on: catalogue.impartial(trained), context.types),
                network: trained.network)
        }
    }
}

extension Classifier {
    /// What it looks at.
    fileprivate var kind: ClassifierKind {
        switch self {
        case .network: .network
        case .textures: .textures
        case .fused: .fused
        }
    }
}

extension TrainedClassifier {
    /// The classifier with its file, under a name for pages.
    func stored(as name: String) -> StoredClassifier {
        StoredClassifier(name: name, path: path, classifier: classifier)
    }
}

extension TrainedClassifiers {
    /// The classifier of the atlas.
    fileprivate var stored: StoredClassifier { main.stored(as: name) }

    /// The network whose features may be compared: that of the atlas if it sees model vectors, or else the
    /// best that was tried.
    fileprivate var network: StoredClassifier? { stored.seesVectors ? stored : bestNetwork }
}

extension Catalogue {
    /// Labelled pictures that influenced neither the training nor the choice of the classifier that
    /// predicts them. With folds these are all labelled pictures. Without folds they are the test
    /// set, because the dev set decided which epoch to use.
    fileprivate func impartial(_ trained: TrainedClassifiers) -> [Int] {
        let test = labelled(in: .test)
        return trained.folds.isEmpty
            ? test : trained.folds.flatMap(\.pictures) + labelled(in: .dev) + test
    }
}

extension BuildContext {
    /// What the models page shows about the classifier in use.
    /// - Parameters:
    ///   - plain: its predictions of all pictures, before calibration.
    ///   - trained: the classifiers of this build; `nil` for one from a file.
    ///   - others: to compare with.
    ///   - claim: what dividing pictures at random would have claimed.
    fileprivate func summary(
        of main: StoredClassifier, _ plain: [Prediction], _ catalogue: Catalogue,
        trained: TrainedClassifiers?, others: [ComparedNetwork], _ claim: RandomClaim? = nil
    ) throws -> ClassifierSummary {
        let classifier = main.classifier
        let judged = catalogue.unseenTest(by: classifier.trainingDigests)
        let test = catalogue.evaluation(of: plain, on: judged, types)
        let seconds = RunRecord.read(of: main.path)?.seconds
        let epochs = classifier.network?.epochs
        let used = ComparedNetwork(
            name: main.name, isUsed: true,
            accuracy: catalogue.accuracy(of: judged.map { plain[$0] }, on: judged),
            parameters: classifier.parameterCount, epochs: epochs, seconds: seconds)
        return ClassifierSummary(
            name: main.name, kind: classifier.kind,
            parameters: classifier.parameterCount, isFromFile: trained == nil,
            folds: trained?.folds.count ?? 0, judged: judged, test: test,
            seenInTest: catalogue.labelled(in: .test).count - judged.count,
            calibration: catalogue.calibration(of: classifier, plain, on: judged),
            card: try classifier.card(), compared: [used] + others, seconds: seconds,
            randomClaim: claim, choice: trained?.choice)
    }

    /// What the classifier of the fold drawn at random predicts.
    fileprivate func randomClaim(
        of trained: TrainedClassifiers, _ catalogue: Catalogue, _ input: ClassifierInput
    ) throws -> RandomClaim? {
        guard let (pictures, classifier) = trained.random else { return nil }
        let predictions = try predictions(
            of: classifier.stored(as: trained.name), as: "random", input, pictures: pictures)
        return RandomClaim(
            trained: catalogue.labelled(in: .train).count - pictures.count, pictures: pictures,
            predicted: predictions.map(\.predicted))
    }
}

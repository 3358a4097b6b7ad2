import AtlasModel
import Catalog
import Classification
import Foundation
import Parallel
import Raster
import Statistics

extension Run {
    /// Names of the networks that can be trained.
    package static let architectures = Architecture.known

    /// Trains a network on the training set, and evaluates it on each set of the split.
    package func train(
        _ source: CollectionSource, architecture name: String, epochs: Int?, batchSize: Int?,
        output: String
    ) throws -> TrainResult {
        try RunRecord.prepareFolder(of: output)
        try OutputPlace.require(for: output, reading: source.paths)
        let loaded = try loadGrouped(source)
        let types = loaded.types
        let catalogue = loaded.catalogue
        let settings = try TrainingRequest(
            loaded: loaded, types: types, epochs: epochs, batchSize: batchSize, seed: seed,
            threads: workers.count, acceptsNetwork: false
        ).settings(for: name)
        let job = TrainingJob(
            architecture: name, catalogue: catalogue, types: types,
            pictures: catalogue.labelled(in: .train), settings: settings)
        let (network, seconds) = try narrator.stage("train") {
            try job.network(
                checkpoint: Network.checkpoint(beside: output), progress: narrator.progress)
        }
        try network.save(to: output)
        try RunRecord(seconds: seconds).write(of: output)
        let (predictions, _) = try narrator.stage("classify") {
            try network.predict(
                catalogue.vectors, threads: workers.count, progress: narrator.progress)
        }
        func accuracy(_ split: Split) -> Double? {
            catalogue.evaluation(of: predictions, on: catalogue.labelled(in: split), types).accuracy
        }
        return TrainResult(
            architecture: name, epochs: settings.epochs, seconds: seconds,
            images: catalogue.labelled(in: .train).count,
            parameters: network.parameterCount,
            accuracy: .init(train: accuracy(.train), dev: accuracy(.dev), test: accuracy(.test)),
            errata: catalogue.errata)
    }

    /// Evaluates a network file on a set of the split, or on all labelled pictures.
    package func evaluate(_ source: CollectionSource, model: String, split: String) throws
        -> EvaluateResult
    {
        let saved = try Network.load(model)
        let loaded = try loadGrouped(source, classes: saved.namesClasses ? saved.classes : nil)
        let types = loaded.types
        let network = try named(saved, by: types, path: model)
        try loaded.requireLabels(types, acceptsNetwork: false)
        let catalogue = loaded.catalogue
        let chosen = catalogue.images.indices.filter { index in
            let set = catalogue.images[index].split.rawValue
            return catalogue.isUsable(index) && (split == "all" || set == split)
        }
        guard !chosen.isEmpty else { throw AtlasError.nothingToJudge(split: split) }
        let (predictions, _) = try narrator.stage("classify") {
            try network.predict(
                catalogue.vectors.selecting(chosen), threads: workers.count,
                progress: narrator.progress)
        }
        let labels = chosen.compactMap { catalogue.images[$0].label }
        let evaluation = Evaluation(
            classes: network.classes, predictions: predictions, labels: labels)
        let seen = Set(network.trainingDigests)
        return EvaluateResult(
            images: chosen.count, split: split,
            seenInTraining: chosen.count { seen.contains(catalogue.images[$0].digest) },
            accuracy: Double(evaluation.correct) / Double(chosen.count), loss: evaluation.loss,
            classes: evaluation.classes, confusion: evaluation.confusion,
            perClass: Dictionary(
                uniqueKeysWithValues: zip(
                    evaluation.classes, evaluation.perClass.map(EvaluateResult.Score.init))),
            errata: catalogue.errata)
    }

    /// Whether a word in the place of an architecture names a file.
    package static func isNetworkFile(_ word: String) -> Bool { Network.isFile(word) }

    /// The network with types for classes that its file does not name. The user is told what is assumed.
    private func named(_ network: Network, by types: [RockType], path: String) throws -> Network {
        let named = try network.naming(types.map(\.label), path: path)
        for note in network.notes(named, path) { narrator.warn(note) }
        return named
    }

    /// Predicts the type of pictures, and of all pictures in folders and archives.
    ///
    /// A path that cannot be read keeps its position in the result, with the error.
    /// - Parameter content: folder with `atlas.yml`, whose types are the classes of a network that does
    ///   not name them; `nil` for the one that a build would take.
    package func classify(_ paths: [String], model: String, content: String? = nil) throws
        -> [ClassifyResult]
    {
        let saved = try Network.load(model)
        let network =
            saved.namesClasses
            ? saved
            : try named(
                saved,
                by: BuildSources.settings(in: content, likeness: likenessModels)
                    .classes.types,
                path: model)
        return paths.flatMap { path -> [ClassifyResult] in
            do {
                return try classify(path, with: network)
            } catch {
                return [ClassifyResult(path: path, error: "\(error)")]
            }
        }
    }

    private func classify(_ path: String, with network: Network) throws -> [ClassifyResult] {
        if let picture = try PictureFile.read(path, warn: narrator.warn) {
            let predictions = try network.predict(picture.vector, threads: workers.count)
            let file = URL(filePath: path).standardizedFileURL
            let folder = file.deletingLastPathComponent().lastPathComponent
            let label = TypeNames(network.classes.map { RockType(label: $0) }).type(of: folder)
                .map { network.classes[$0.type] }
            let stem = file.deletingPathExtension().lastPathComponent
            let key = "\(label ?? "unlabelled")/\(stem)"
            return predictions.map { result(path, key: key, label: label, $0, network) }
        }
        let catalogue = try load(
            CollectionSource(paths: [path], shares: [1, 0, 0]), classes: network.classes
        ).catalogue
        let predictions = try network.predict(
            catalogue.vectors, threads: workers.count, progress: narrator.progress)
        // The path of a picture inside the collection, relative to the folder where the command
        // runs.
        func whole(_ inside: String) -> String {
            path.hasSuffix("/") ? path + inside : "\(path)/\(inside)"
        }
        let usable = zip(catalogue.images, predictions).map { image, prediction in
            result(
                whole(image.path), key: image.key, label: image.label.map { network.classes[$0] },
                prediction, network)
        }
        let unusable = catalogue.errata.filter { !$0.kind.isUsed }.map {
            ClassifyResult(path: whole($0.path), error: $0.reason)
        }
        return (usable + unusable).sorted {
            $0.path.precedes($1.path)
        }
    }

    private func result(
        _ path: String, key: String, label: String?, _ prediction: Prediction, _ network: Network
    ) -> ClassifyResult {
        func named(_ prediction: Prediction) -> [String: Float] {
            Dictionary(uniqueKeysWithValues: zip(network.classes, prediction.probabilities))
        }
        return ClassifyResult(
            path: path, key: key, label: label, predicted: network.classes[prediction.predicted],
            probabilities: named(prediction), calibrated: named(network.calibrated(prediction)))
    }
}

import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel
import Raster
import Statistics

extension Run {
    /// Names of the networks that can be trained.
    package static let architectures = Architecture.ofVectors
    /// The name of the network that sees crops, and the sides of the pictures that it can take.
    package static let grain = Architecture.grain
    package static let inputSides = Architecture.inputSides
    /// Names of all classifiers that can be trained.
    package static let classifiers = Classifier.known
    /// The name of the classifier that compares textures.
    package static let textureClassifier = Classifier.textureName
    /// The names of those that see crops: the network, and the network fused with a classifier of textures.
    package static let seeingCrops = [Architecture.grain, Classifier.fusedName]

    /// Trains a classifier on the training set, and evaluates it on each set of the split.
    package func train(
        _ source: CollectionSource, architecture name: String, epochs: Int?, batchSize: Int?,
        inputSide: Int?, budget: Double?, output: String
    ) throws -> TrainResult {
        try RunRecord.prepareFolder(of: output)
        try OutputPlace.require(for: output, reading: source.paths)
        var (context, collection) = try self.context(for: source)
        let loaded = try context.grouped(
            context.load(CollectionRequest(source), from: collection))
        let catalogue = loaded.catalogue
        let request = TrainingRequest(
            loaded: loaded, types: loaded.types, epochs: epochs, batchSize: batchSize,
            inputSide: inputSide, seconds: budget ?? Self.standardBudget, seed: seed,
            threads: workers.count, acceptsNetwork: false)
        if let obstacle = request.obstacle { throw obstacle }
        let training = try training(of: name, request, output: output, &context)
        let (classifier, seconds) = try narrator.stage("train") {
            try training(narrator.progress)
        }
        try classifier.save(to: output)
        try RunRecord(seconds: seconds).write(of: output)
        let predictions = try predictions(
            by: classifier, of: loaded, Array(catalogue.images.indices), &context)
        func accuracy(_ split: Split) -> Double? {
            catalogue.evaluation(
                of: predictions, on: catalogue.labelled(in: split), loaded.types
            ).accuracy
        }
        return TrainResult(
            architecture: name, epochs: classifier.network?.epochs,
            seconds: seconds, images: catalogue.labelled(in: .train).count,
            parameters: classifier.parameterCount,
            accuracy: .init(train: accuracy(.train), dev: accuracy(.dev), test: accuracy(.test)),
            errata: catalogue.errata)
    }

    /// What trains a classifier.
    /// - Parameter output: its file; a checkpoint of a network is kept beside it.
    private func training(
        of name: String, _ request: TrainingRequest, output: String, _ context: inout BuildContext
    ) throws -> (@escaping ProgressReport) throws -> Classifier {
        let loaded = request.loaded
        let pictures = loaded.catalogue.labelled(in: .train)
        let larger = context.largerPictures(of: loaded)
        func ofTextures() throws -> (@escaping ProgressReport) throws -> TextureClassifier {
            let job = TextureJob(
                textures: try context.textures(of: loaded), catalogue: loaded.catalogue,
                types: loaded.types, pictures: pictures, settings: nil)
            return { try job.classifier(workers: workers, progress: $0) }
        }
        func ofNetwork(_ name: String) throws -> (@escaping ProgressReport) throws -> Network {
            let job = TrainingJob(
                architecture: try request.architecture(name), catalogue: loaded.catalogue,
                types: loaded.types, pictures: pictures, settings: try request.settings(for: name),
                larger: larger)
            return {
                try job.network(checkpoint: Network.checkpoint(beside: output), progress: $0)
            }
        }
        switch name {
        case Classifier.textureName:
            let textures = try ofTextures()
            return { .textures(try textures($0)) }
        case Classifier.fusedName:
            let (textures, network) = (try ofTextures(), try ofNetwork(Architecture.grain))
            let input = ClassifierInput(
                vectors: loaded.catalogue.vectors, textures: try context.textures(of: loaded),
                larger: larger)
            let job = FusedJob(catalogue: loaded.catalogue, input: input, workers: workers)
            return { progress in
                .fused(try job.classifier(textures { _, _ in }, network(progress)))
            }
        default:
            let network = try ofNetwork(name)
            return { .network(try network($0)) }
        }
    }

    /// The predictions for the pictures at some indices, before calibration.
    private func predictions(
        by classifier: Classifier, of loaded: LoadedCollection, _ pictures: [Int],
        _ context: inout BuildContext
    ) throws -> [Prediction] {
        let input = try context.input(loaded, for: [classifier])
        return try narrator.stage("classify") {
            try input.predictions(
                by: classifier, pictures, workers: workers, progress: narrator.progress)
        }.value
    }

    /// Evaluates a model file on a set of the split, or on all labelled pictures.
    package func evaluate(_ source: CollectionSource, model: String, split: String) throws
        -> EvaluateResult
    {
        let saved = try Classifier.load(model)
        var (context, collection) = try self.context(
            for: source, classes: saved.namesClasses ? saved.classes : nil)
        let loaded = try context.grouped(
            context.load(CollectionRequest(source), from: collection))
        let types = loaded.types
        let classifier = try named(saved, by: types, path: model)
        try loaded.requireLabels(types, acceptsNetwork: false)
        let catalogue = loaded.catalogue
        let chosen = catalogue.images.indices.filter { index in
            let set = catalogue.images[index].split.rawValue
            return catalogue.isUsable(index) && (split == "all" || set == split)
        }
        guard !chosen.isEmpty else { throw AtlasError.nothingToJudge(split: split) }
        let predictions = try predictions(by: classifier, of: loaded, chosen, &context)
        let labels = chosen.compactMap { catalogue.images[$0].label }
        let evaluation = Evaluation(
            classes: classifier.classes, predictions: predictions, labels: labels)
        let seen = Set(classifier.trainingDigests)
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

    /// The classifier with types for classes that its file does not name. The user is told what is
    /// assumed.
    private func named(_ classifier: Classifier, by types: [RockType], path: String) throws
        -> Classifier
    {
        let named = try classifier.naming(types.map(\.label), path: path)
        for note in classifier.notes(named, path) { narrator.warn(note) }
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
        let saved = try Classifier.load(model)
        let classifier =
            saved.namesClasses
            ? saved
            : try named(
                saved,
                by: BuildSources.settings(in: content, likeness: likenessModels)
                    .classes.types,
                path: model)
        return paths.flatMap { path -> [ClassifyResult] in
            do {
                return try classify(path, with: classifier)
            } catch {
                return [ClassifyResult(path: path, error: "\(error)")]
            }
        }
    }

    private func classify(_ path: String, with classifier: Classifier) throws -> [ClassifyResult] {
        if let picture = try PictureFile.read(path, warn: narrator.warn) {
            let predictions = try picture.input(for: classifier).predictions(
                by: classifier, [0], workers: workers)
            let file = URL(filePath: path).standardizedFileURL
            let folder = file.deletingLastPathComponent().lastPathComponent
            let label = TypeNames(classifier.classes.map { RockType(label: $0) }).type(of: folder)
                .map { classifier.classes[$0.type] }
            let stem = file.deletingPathExtension().lastPathComponent
            let key = "\(label ?? "unlabelled")/\(stem)"
            return predictions.map { result(path, key: key, label: label, $0, classifier) }
        }
        let source = CollectionSource(paths: [path], shares: [1, 0, 0])
        var (context, collection) = try self.context(for: source, classes: classifier.classes)
        let loaded = try context.load(CollectionRequest(source), from: collection)
        let catalogue = loaded.catalogue
        let predictions = try context.input(loaded, for: [classifier]).predictions(
            by: classifier, Array(catalogue.images.indices), workers: workers,
            progress: narrator.progress)
        // The path of a picture inside the collection, relative to the folder where the command
        // runs.
        func whole(_ inside: String) -> String {
            path.hasSuffix("/") ? path + inside : "\(path)/\(inside)"
        }
        let usable = zip(catalogue.images, predictions).map { image, prediction in
            result(
                whole(image.path), key: image.key,
                label: image.label.map { classifier.classes[$0] }, prediction, classifier)
        }
        let unusable = catalogue.errata.filter { !$0.kind.isUsed }.map {
            ClassifyResult(path: whole($0.path), error: $0.reason)
        }
        return (usable + unusable).sorted {
            $0.path.precedes($1.path)
        }
    }

    private func result(
        _ path: String, key: String, label: String?, _ prediction: Prediction,
        _ classifier: Classifier
    ) -> ClassifyResult {
        func named(_ prediction: Prediction) -> [String: Float] {
            Dictionary(uniqueKeysWithValues: zip(classifier.classes, prediction.probabilities))
        }
        return ClassifyResult(
            path: path, key: key, label: label,
            predicted: classifier.classes[prediction.predicted],
            probabilities: named(prediction),
            calibrated: named(classifier.calibrated(prediction)))
    }

    /// Whether a word in the place of a classifier names a file.
    package static func isNetworkFile(_ word: String) -> Bool { Network.isFile(word) }
}

extension PictureFile {
    /// What a classifier sees of the picture.
    fileprivate func input(for classifier: Classifier) throws -> ClassifierInput {
        ClassifierInput(
            vectors: vector, textures: classifier.needsTexture ? try texture() : nil,
            larger: LargerPictures(
                workers: Workers(1), memory: nil, version: { _ in Fingerprint(of: bytes) },
                bytes: { _ in bytes }))
    }
}

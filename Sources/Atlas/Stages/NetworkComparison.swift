import AtlasModel
import Catalog
import Classification
import Files
import Fingerprint
import Foundation
import Parallel
import Statistics

/// A classifier with the file it came from.
struct StoredClassifier {
    /// The name that pages show.
    let name: String
    let path: String
    let classifier: Classifier
    /// What was assumed about it, full sentences.
    let notes: [String]

    init(name: String, path: String, classifier: Classifier, notes: [String] = []) {
        self.name = name
        self.path = path
        self.classifier = classifier
        self.notes = notes
    }

    /// The network; `nil` for a classifier of textures.
    var network: Network? { classifier.network }
    /// Whether it is a network for model vectors, whose features likeness models can compare.
    var seesVectors: Bool { network.map { !$0.architecture.seesCrops } ?? false }

    /// Loads a file whose classes are the types of the atlas.
    /// - Parameters:
    ///   - collection: its path, for the message.
    ///   - settings: the file that names the types, for the message.
    /// - Throws: `ClassificationError`, `AtlasError.classesDiffer`.
    init(file: String, types: [RockType], collection: String, settings: String) throws {
        let saved = try Classifier.load(file)
        let classifier = try saved.naming(types.map(\.label), path: file)
        guard classifier.classes == types.map(\.label) else {
            throw AtlasError.classesDiffer(
                model: file, classes: classifier.classes, types: types.map(\.label),
                collection: collection, settings: settings)
        }
        self.init(
            name: URL(filePath: file).lastPathComponent, path: file, classifier: classifier,
            notes: saved.notes(classifier, file))
    }

    /// Digest of the file. It identifies what the classifier makes of pictures.
    /// - Throws: `AtlasError.fileTrouble`.
    func digest() throws -> Fingerprint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AtlasError.fileTrouble(
                path: path, reason: "the classifier's file has gone. Build again.")
        }
        return data.withUnsafeBytes { Fingerprint(of: $0) }
    }
}

extension BuildContext {
    /// Evaluates other classifiers of the workspace, each on test pictures from groups that it has not
    /// seen.
    func compared(
        _ others: [StoredClassifier], _ catalogue: Catalogue, _ input: ClassifierInput
    ) throws -> [ComparedNetwork] {
        try others.map { other in
            let classifier = other.classifier
            let judged = catalogue.unseenTest(by: classifier.trainingDigests)
            let predictions = try predictions(
                of: other, as: Self.entry(of: other), input, pictures: judged)
            return ComparedNetwork(
                name: other.name, isUsed: false,
                accuracy: catalogue.accuracy(of: predictions, on: judged),
                parameters: classifier.parameterCount,
                epochs: classifier.network?.epochs,
                seconds: RunRecord.read(of: other.path)?.seconds)
        }
    }

    /// The stages that make the predictions of other classifiers.
    func comparing(
        _ others: [StoredClassifier], _ catalogue: Catalogue, _ input: ClassifierInput
    ) throws -> [Stage<StoredPredictions>] {
        try others.map { other in
            try predicting(
                with: other, as: Self.entry(of: other), input,
                pictures: catalogue.unseenTest(by: other.classifier.trainingDigests))
        }
    }

    /// Name of the entry for the predictions of another classifier.
    private static func entry(of other: StoredClassifier) -> String {
        "compared-\(Paths.stem(of: other.path))"
    }
}

extension Catalogue {
    /// Labelled test pictures from groups of which a classifier has seen no picture.
    /// - Parameter trainingDigests: digests of the pictures that its file lists.
    func unseenTest(by trainingDigests: [String]) -> [Int] {
        let seen = seenGroups(by: trainingDigests)
        return labelled(in: .test).filter { !seen.contains(groups.first[$0]) }
    }

    /// The groups, by their first pictures, of which a classifier has seen a picture.
    /// - Parameter trainingDigests: digests of the pictures that its file lists.
    func seenGroups(by trainingDigests: [String]) -> Set<Int> {
        let digests = Set(trainingDigests)
        return Set(
            images.indices.lazy.filter { digests.contains(self.images[$0].digest) }
                .map { self.groups.first[$0] })
    }

    /// How many of the pictures at `indices`, which have labels, are predicted as labelled.
    /// - Parameter predictions: one for each of them.
    func accuracy(of predictions: [Prediction], on indices: [Int]) -> ClusteredProportion {
        ClusteredProportion(
            zip(indices, predictions).map {
                (cluster: groups.first[$0], counts: images[$0].label == $1.predicted)
            })
    }
}

extension Workspace {
    /// Classifiers other than `used` with the same classes, by file name. Those of single folds and copies
    /// of earlier ones are left out.
    /// - Parameter warn: receives a note for each file that is no classifier.
    func classifiers(like used: StoredClassifier, warn: (String) -> Void) -> [StoredClassifier] {
        let place = path(of: RunRecord.folder)
        // If there is no such folder, there are no networks yet.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            return []
        }
        let classes = used.classifier.classes
        var found = [used]
        for file in names.sorted() where file.hasSuffix(".h5") || file.hasSuffix(".keras") {
            let stem = Paths.stem(of: file)
            let fold = stem.wholeMatch(of: /(.+)-(\d+|random)-of-\d+/)
            guard fold.map({ $0.output.2 == "0" }) ?? true else { continue }
            let path = "\(place)/\(file)"
            do {
                let classifier = try Classifier.load(path).naming(classes, path: path)
                guard classifier.classes == classes,
                    !found.contains(where: { $0.classifier == classifier })
                else { continue }
                let short = fold.map { String($0.output.1) } ?? stem
                let isTaken = found.contains { $0.name == short }
                found.append(
                    StoredClassifier(
                        name: isTaken ? stem : short, path: path, classifier: classifier))
            } catch {
                warn("\(error) It is left out of the comparison of networks.")
            }
        }
        return Array(found.dropFirst())
    }
}

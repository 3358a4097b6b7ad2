import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel

extension Run {
    /// What the network says of every picture, and what the models page says of the network.
    struct Classes {
        let predictions: [Prediction]
        let summary: ClassifierSummary
    }

    /// Trains the network that the settings name, or loads it, and classifies every picture.
    ///
    /// With folds, each training picture is predicted by a network that has not learned from it.
    func classified(
        _ catalogue: Catalogue, _ settings: AtlasSettings, _ types: [RockType], _ path: String,
        _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> Classes {
        if settings.network.hasSuffix(".h5") {
            return try classifiedByFile(catalogue, settings.network, types, &record)
        }
        var training = try trainingSettings(catalogue, path, types, epochs: settings.epochs, nil)
        training.threads = workers.count
        let labelled = catalogue.labelled(in: .train)
        let before = record.seconds["train", default: 0]
        let main = try trained(
            settings.network, "networks/\(settings.network).h5", catalogue, types,
            labelled, training, workspace, &record)
        var predictions = try record.stage("classify", narrator) {
            try main.predict(
                catalogue.vectors, threads: workers.count, progress: narrator.progress)
        }
        for fold in 0..<settings.folds {
            let (inside, outside) = catalogue.fold(fold, of: settings.folds, in: labelled)
            guard !inside.isEmpty, !outside.isEmpty else { continue }
            let network = try trained(
                settings.network, "networks/\(settings.network)-without-\(fold + 1)-of-\(settings.folds).h5",
                catalogue, types, outside, training, workspace, &record)
            let own = try record.stage("classify", narrator) {
                try network.predict(catalogue.vectors.selecting(inside), threads: workers.count)
            }
            for (index, prediction) in zip(inside, own) { predictions[index] = prediction }
        }
        let test = catalogue.labelled(in: .test)
        let summary = ClassifierSummary(
            name: settings.network, parameters: main.parameterCount, epochs: training.epochs,
            folds: settings.folds, test: catalogue.evaluation(of: predictions, on: test, types),
            seenInTest: 0, seconds: record.seconds["train", default: 0] - before)
        return Classes(predictions: predictions, summary: summary)
    }

    private func classifiedByFile(
        _ catalogue: Catalogue, _ path: String, _ types: [RockType], _ record: inout BuildRecord
    ) throws -> Classes {
        let network = try Network.load(path)
        guard network.classes == types.map(\.label) else {
            throw AtlasError.classesDiffer(
                model: path, classes: network.classes, types: types.map(\.label))
        }
        let predictions = try record.stage("classify", narrator) {
            try network.predict(
                catalogue.vectors, threads: workers.count, progress: narrator.progress)
        }
        let seen = Set(network.trainingDigests)
        let test = catalogue.labelled(in: .test)
        let fresh = test.filter { !seen.contains(catalogue.images[$0].digest) }
        let summary = ClassifierSummary(
            name: URL(filePath: path).lastPathComponent, parameters: network.parameterCount,
            epochs: nil, folds: 0, test: catalogue.evaluation(of: predictions, on: fresh, types),
            seenInTest: test.count - fresh.count, seconds: nil)
        return Classes(predictions: predictions, summary: summary)
    }

    /// The network for these training pictures, from the workspace if it learned from the same.
    private func trained(
        _ architecture: String, _ entry: String, _ catalogue: Catalogue, _ types: [RockType],
        _ training: [Int], _ settings: TrainingSettings, _ workspace: Workspace,
        _ record: inout BuildRecord
    ) throws -> Network {
        let digest = Fingerprint(
            ofParts: [
                architecture, "\(settings)", catalogue.digest(of: training, types).hex,
                catalogue.digest(of: catalogue.labelled(in: .dev), types).hex,
            ])
        let (network, reused) = try record.stage(
            "train", narrator, remark: { $0.reused ? "kept from an earlier build" : "" }
        ) {
            try workspace.entry(
                entry, digest: digest, warn: narrator.warn, read: Network.load,
                make: {
                    try self.network(
                        architecture, catalogue, types: types, training: training,
                        settings: settings
                    ).network
                },
                write: { network, path in try network.save(to: path) })
        }
        if reused { record.reused["train", default: 0] += 1 }
        return network
    }
}

extension Catalogue {
    /// Digest of all that the stages make of the pictures: keys, labels, parts and vectors.
    func digest(_ types: [RockType]) -> Fingerprint { digest(of: Array(images.indices), types) }

    /// The same of some pictures.
    func digest(of indices: [Int], _ types: [RockType]) -> Fingerprint {
        let names = indices.map { index in
            let image = images[index]
            let label = image.label.map { types[$0].label } ?? ""
            return "\(image.key)\n\(label)\n\(image.split.rawValue)\n"
        }
        return Fingerprint(
            ofParts: [names.joined(), Fingerprint(of: vectors.selecting(indices).bytes).hex])
    }

    /// Splits pictures into those of a fold and the others; equal pictures share a fold.
    func fold(_ fold: Int, of count: Int, in indices: [Int]) -> (inside: [Int], outside: [Int]) {
        var inside: [Int] = []
        var outside: [Int] = []
        for index in indices {
            // The first digits decide the split, so the fold takes the last.
            let tail = UInt64(images[index].digest.suffix(8), radix: 16) ?? 0
            if Int(tail % UInt64(count)) == fold { inside.append(index) } else { outside.append(index) }
        }
        return (inside, outside)
    }
}

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
        var training = try trainingSettings(
            settings.network, catalogue, path, types, epochs: settings.epochs, nil)
        training.threads = workers.count
        let labelled = catalogue.labelled(in: .train)
        // First the network of the atlas, then one for each fold, which has not seen the fold.
        let folds = (0..<settings.folds).map {
            catalogue.fold($0, of: settings.folds, in: labelled)
        }.filter { !$0.inside.isEmpty && !$0.outside.isEmpty }
        let lessons = [labelled] + folds.map(\.outside)
        let shown = lessons.reduce(into: [0]) {
            $0.append($0[$0.count - 1] + $1.count * training.epochs)
        }
        let networks = try record.stage(
            "train", narrator, remark: { Self.remark($0) },
            work: {
                try lessons.enumerated().map { number, pictures in
                    try trained(
                        settings.network,
                        "networks/\(settings.network)-\(number)-of-\(settings.folds).h5",
                        catalogue, types, pictures, training, workspace
                    ) { [narrator] done, _ in
                        narrator.progress(shown[number] + done, shown[lessons.count])
                    }
                }
            })
        let kept = networks.count { $0.reused }
        if kept > 0 { record.reused["train"] = kept }
        let main = networks[0].network
        let predictions = try record.stage("classify", narrator) {
            var predictions = try main.predict(
                catalogue.vectors, threads: workers.count, progress: narrator.progress)
            for (fold, network) in zip(folds, networks.dropFirst()) {
                let own = try network.network.predict(
                    catalogue.vectors.selecting(fold.inside), threads: workers.count)
                for (index, prediction) in zip(fold.inside, own) { predictions[index] = prediction }
            }
            return predictions
        }
        let test = catalogue.labelled(in: .test)
        let summary = ClassifierSummary(
            name: settings.network, parameters: main.parameterCount, epochs: training.epochs,
            folds: settings.folds, test: catalogue.evaluation(of: predictions, on: test, types),
            seenInTest: 0, seconds: kept == 0 ? record.seconds["train"] : nil)
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

    /// What to say of networks: how many there are, and how many came from an earlier build.
    private static func remark(_ networks: [(network: Network, reused: Bool)]) -> String {
        let kept = networks.count { $0.reused }
        let all = networks.count == 1 ? "1 network" : "\(networks.count) networks"
        return all + (kept == 0 ? "" : ", \(kept) kept from an earlier build")
    }

    /// The network for these training pictures, from the workspace if it learned from the same.
    private func trained(
        _ architecture: String, _ entry: String, _ catalogue: Catalogue, _ types: [RockType],
        _ training: [Int], _ settings: TrainingSettings, _ workspace: Workspace,
        progress: @escaping ProgressReport
    ) throws -> (network: Network, reused: Bool) {
        let digest = Fingerprint(
            ofParts: [
                architecture, "\(settings)", catalogue.digest(of: training, types).hex,
                catalogue.digest(of: catalogue.labelled(in: .dev), types).hex,
            ])
        let (network, reused) = try workspace.entry(
            entry, digest: digest, warn: narrator.warn, read: Network.load,
            make: {
                try self.network(
                    architecture, catalogue, types: types, training: training, settings: settings,
                    progress: progress
                ).network
            },
            write: { network, path in try network.save(to: path) })
        return (network, reused)
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
            if Int(tail % UInt64(count)) == fold {
                inside.append(index)
            } else {
                outside.append(index)
            }
        }
        return (inside, outside)
    }
}

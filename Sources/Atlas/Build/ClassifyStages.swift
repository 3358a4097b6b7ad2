import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel

extension Run {
    /// What the networks say of every picture and its label, and what the models page says of them.
    struct Classes {
        /// Calibrated.
        let predictions: [Prediction]
        let summary: ClassifierSummary
        let evidence: LabelEvidence
        /// That of the atlas, not of a fold.
        let network: StoredNetwork
    }

    /// A network of this build.
    struct TrainedNetwork {
        let network: Network
        let path: String
        /// Whether it was kept from an earlier build.
        let reused: Bool
    }

    /// Trains the network that the settings name, or loads it, and classifies every picture.
    ///
    /// With folds, each training picture is predicted by a network that has not learned from it.
    func classified(
        _ catalogue: Catalogue, _ settings: AtlasSettings, _ types: [RockType], _ path: String,
        _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> Classes {
        if settings.network.hasSuffix(".h5") {
            return try classifiedByFile(catalogue, settings.network, types, workspace, &record)
        }
        var settings = settings
        var chosen: TrainedNetwork?
        if settings.network == Self.automatic {
            (settings.network, chosen) = try bestNetwork(
                catalogue, settings, types, path, workspace, &record)
        }
        let training = try trainingSettings(
            settings.network, catalogue, path, types, epochs: settings.epochs, nil)
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
                    if number == 0, let chosen { return chosen }
                    return try trained(
                        settings.network,
                        Self.entry(settings.network, number, of: settings.folds),
                        catalogue, types, pictures, training, workspace
                    ) { [narrator] done, _ in
                        narrator.progress(shown[number] + done, shown[lessons.count])
                    }
                }
            })
        let kept = networks.count { $0.reused }
        if kept > 0 { record.reused["train", default: 0] += kept }
        return try record.stage("classify", narrator) {
            try classified(
                by: networks, settings.network, folds: folds.map(\.inside), training, catalogue,
                types, workspace)
        }
    }

    /// Classifies every picture by the first network, and those of each fold by the one that has not
    /// seen them.
    private func classified(
        by networks: [TrainedNetwork], _ name: String, folds: [[Int]],
        _ training: TrainingSettings, _ catalogue: Catalogue, _ types: [RockType],
        _ workspace: Workspace
    ) throws -> Classes {
        let main = StoredNetwork(
            name: name, path: networks[0].path, network: networks[0].network)
        let plain = try main.network.predict(
            catalogue.vectors, threads: workers.count, progress: narrator.progress)
        var predictions = plain.map(main.network.calibrated)
        for (fold, other) in zip(folds, networks.dropFirst()) {
            let own = try other.network.predict(
                catalogue.vectors.selecting(fold), threads: workers.count)
            for (index, prediction) in zip(fold, own) {
                predictions[index] = other.network.calibrated(prediction)
            }
        }
        // The dev part chose the epoch, so without folds only the test part is impartial.
        let judged =
            folds.isEmpty
            ? catalogue.labelled(in: .test)
            : folds.flatMap { $0 } + catalogue.labelled(in: .dev) + catalogue.labelled(in: .test)
        return Classes(
            predictions: predictions,
            summary: try summary(
                of: main, plain, epochs: training.epochs, folds: folds.count, catalogue, types,
                workspace),
            evidence: catalogue.evidence(from: predictions, on: judged, types), network: main)
    }

    private func classifiedByFile(
        _ catalogue: Catalogue, _ path: String, _ types: [RockType], _ workspace: Workspace,
        _ record: inout BuildRecord
    ) throws -> Classes {
        let network = try Network.load(path)
        guard network.classes == types.map(\.label) else {
            throw AtlasError.classesDiffer(
                model: path, classes: network.classes, types: types.map(\.label))
        }
        let main = StoredNetwork(
            name: URL(filePath: path).lastPathComponent, path: path, network: network)
        return try record.stage("classify", narrator) {
            let plain = try network.predict(
                catalogue.vectors, threads: workers.count, progress: narrator.progress)
            let predictions = plain.map(network.calibrated)
            let judged = catalogue.unseenTest(by: network)
            return Classes(
                predictions: predictions,
                summary: try summary(
                    of: main, plain, epochs: nil, folds: 0, catalogue, types, workspace),
                evidence: catalogue.evidence(from: predictions, on: judged, types), network: main)
        }
    }

    /// What the models page says of the network in use.
    /// - Parameter plain: its predictions of all pictures, not calibrated.
    private func summary(
        of main: StoredNetwork, _ plain: [Prediction], epochs: Int?, folds: Int,
        _ catalogue: Catalogue, _ types: [RockType], _ workspace: Workspace
    ) throws -> ClassifierSummary {
        let network = main.network
        let judged = catalogue.unseenTest(by: network)
        let test = catalogue.evaluation(of: plain, on: judged, types)
        let seconds = RunRecord.read(of: main.path)?.seconds
        return ClassifierSummary(
            name: main.name, parameters: network.parameterCount, epochs: epochs, folds: folds,
            judged: judged, test: test,
            seenInTest: catalogue.labelled(in: .test).count - judged.count,
            calibration: catalogue.calibration(of: network, plain, on: judged),
            card: try network.card(),
            compared: try compared(
                main, test, epochs: epochs ?? network.origin?.settings.epochs, seconds: seconds,
                catalogue, types, workspace),
            seconds: seconds)
    }

    /// What to say of networks: how many there are, and how many came from an earlier build.
    private static func remark(_ networks: [TrainedNetwork]) -> String {
        let kept = networks.count { $0.reused }
        let all = networks.count == 1 ? "1 network" : "\(networks.count) networks"
        return all + (kept == 0 ? "" : ", \(kept) kept from an earlier build")
    }

    /// Name in the workspace of the network of a whole training part (0), or without a fold (from 1).
    static func entry(_ architecture: String, _ number: Int, of folds: Int) -> String {
        "\(RunRecord.folder)/\(architecture)-\(number)-of-\(folds).h5"
    }

    /// The network for these training pictures, from the workspace if it learned from the same.
    func trained(
        _ architecture: String, _ entry: String, _ catalogue: Catalogue, _ types: [RockType],
        _ training: [Int], _ settings: TrainingSettings, _ workspace: Workspace,
        progress: @escaping ProgressReport
    ) throws -> TrainedNetwork {
        let path = "\(workspace.folder)/\(entry)"
        let digest = Fingerprint(
            ofParts: [
                architecture, "\(settings)", catalogue.digest(of: training, types).hex,
                catalogue.digest(of: catalogue.labelled(in: .dev), types).hex,
            ])
        let (made, reused): ((Network, RunRecord?), Bool) = try workspace.entry(
            entry, digest: digest, warn: narrator.warn, read: { (try Network.load($0), nil) },
            make: {
                let clock = ContinuousClock()
                let start = clock.now
                let network = try self.network(
                    architecture, catalogue, types: types, training: training, settings: settings,
                    progress: progress
                ).network
                return (network, RunRecord(seconds: (clock.now - start) / .seconds(1)))
            },
            write: { made, path in
                try made.0.save(to: path)
                try made.1?.write(of: path)
            })
        return TrainedNetwork(network: made.0, path: path, reused: reused)
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

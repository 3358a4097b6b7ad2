import AtlasModel
import Catalog
import Classification
import Files
import Fingerprint
import Foundation
import Parallel
import Statistics

/// A network with the file it came from.
struct StoredNetwork {
    /// The name that pages show.
    let name: String
    let path: String
    let network: Network
    /// What was assumed about it, full sentences.
    let notes: [String]

    init(name: String, path: String, network: Network, notes: [String] = []) {
        self.name = name
        self.path = path
        self.network = network
        self.notes = notes
    }

    /// Loads a network file whose classes are the types of the atlas.
    /// - Parameters:
    ///   - collection: its path, for the message.
    ///   - settings: the file that names the types, for the message.
    /// - Throws: `ClassificationError`, `AtlasError.classesDiffer`.
    init(file: String, types: [RockType], collection: String, settings: String) throws {
        let saved = try Network.load(file)
        let network = try saved.naming(types.map(\.label), path: file)
        guard network.classes == types.map(\.label) else {
            throw AtlasError.classesDiffer(
                model: file, classes: network.classes, types: types.map(\.label),
                collection: collection, settings: settings)
        }
        self.init(
            name: URL(filePath: file).lastPathComponent, path: file, network: network,
            notes: saved.notes(network, file))
    }

    /// Digest of the file. It identifies the features that the network computes.
    /// - Throws: `AtlasError.fileTrouble`.
    func digest() throws -> Fingerprint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AtlasError.fileTrouble(
                path: path, reason: "the network's file has gone. Build again.")
        }
        return data.withUnsafeBytes { Fingerprint(of: $0) }
    }
}

extension BuildContext {
    /// All other networks of the workspace with the same classes, each evaluated on test pictures from
    /// groups that it has not seen.
    func others(than used: StoredNetwork, _ catalogue: Catalogue) throws -> [ComparedNetwork] {
        guard let workspace else { return [] }
        return try workspace.networks(like: used, warn: narrator.warn).map { other in
            let network = other.network
            let judged = catalogue.unseenTest(by: network)
            let predictions = try predictions(
                of: other, as: "compared-\(Paths.stem(of: other.path))", catalogue,
                pictures: judged)
            return ComparedNetwork(
                name: other.name, isUsed: false,
                accuracy: catalogue.accuracy(of: predictions, on: judged),
                parameters: network.parameterCount, epochs: network.origin?.settings.epochs,
                seconds: RunRecord.read(of: other.path)?.seconds)
        }
    }
}

extension Catalogue {
    /// Labelled test pictures from groups of which the network's file lists no training picture.
    func unseenTest(by network: Network) -> [Int] {
        let digests = Set(network.trainingDigests)
        let seen = Set(
            images.indices.lazy.filter { digests.contains(self.images[$0].digest) }
                .map { self.groups.first[$0] })
        return labelled(in: .test).filter { !seen.contains(groups.first[$0]) }
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
    /// Networks other than `used` with the same classes, by file name. Networks of single folds and
    /// copies of earlier networks are left out.
    /// - Parameter warn: receives a note for each file that is not a network.
    func networks(like used: StoredNetwork, warn: (String) -> Void) -> [StoredNetwork] {
        let place = path(of: RunRecord.folder)
        // If there is no such folder, there are no networks yet.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            return []
        }
        var found = [used]
        for file in names.sorted() where file.hasSuffix(".h5") || file.hasSuffix(".keras") {
            let stem = Paths.stem(of: file)
            let fold = stem.wholeMatch(of: /(.+)-(\d+|random)-of-\d+/)
            guard fold.map({ $0.output.2 == "0" }) ?? true else { continue }
            let path = "\(place)/\(file)"
            do {
                let network = try Network.load(path).naming(used.network.classes, path: path)
                guard network.classes == used.network.classes,
                    !found.contains(where: { $0.network == network })
                else { continue }
                let short = fold.map { String($0.output.1) } ?? stem
                let isTaken = found.contains { $0.name == short }
                found.append(
                    StoredNetwork(name: isTaken ? stem : short, path: path, network: network))
            } catch {
                warn("\(error) It is left out of the comparison of networks.")
            }
        }
        return Array(found.dropFirst())
    }
}

import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel

/// A network of the workspace with the file it came from.
struct StoredNetwork {
    /// What pages call it.
    let name: String
    let path: String
    let network: Network

    /// Digest of the file, from which the network's features follow.
    /// - Throws: `AtlasError.fileTrouble`.
    func digest() throws -> Fingerprint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AtlasError.fileTrouble(
                path: path, reason: "the network's file has gone. Build again.")
        }
        return data.withUnsafeBytes { Fingerprint(of: $0) }
    }
}

extension Run {
    /// The network in use and every other one of the workspace with the same classes, each judged on
    /// the test pictures it has not learned from.
    /// - Parameter test: how the one in use did.
    func compared(
        _ used: StoredNetwork, _ test: Evaluation, epochs: Int?, seconds: Double?,
        _ catalogue: Catalogue, _ types: [RockType], _ workspace: Workspace
    ) throws -> [ComparedNetwork] {
        let first = ComparedNetwork(
            name: used.name, isUsed: true,
            labelledSo: Proportion(hits: test.correct, of: test.count),
            parameters: used.network.parameterCount, epochs: epochs, seconds: seconds)
        let others = workspace.networks(like: used, warn: narrator.warn)
        return try [first]
            + others.map { other in
                let network = other.network
                let judged = catalogue.unseenTest(by: network)
                let predictions = try network.predict(
                    catalogue.vectors.selecting(judged), threads: workers.count)
                let hits = zip(judged, predictions).count {
                    catalogue.images[$0].label == $1.predicted
                }
                return ComparedNetwork(
                    name: other.name, isUsed: false,
                    labelledSo: Proportion(hits: hits, of: judged.count),
                    parameters: network.parameterCount,
                    epochs: network.origin?.settings.epochs,
                    seconds: RunRecord.read(of: other.path)?.seconds)
            }
    }
}

extension Catalogue {
    /// Labelled test pictures that the network's file does not list as learned from.
    func unseenTest(by network: Network) -> [Int] {
        let seen = Set(network.trainingDigests)
        return labelled(in: .test).filter { !seen.contains(images[$0].digest) }
    }
}

extension Workspace {
    /// Networks other than `used` that know the same classes, by file name; those that judge single
    /// folds and those equal to one before are left out.
    /// - Parameter warn: told of files that are no networks.
    func networks(like used: StoredNetwork, warn: (String) -> Void) -> [StoredNetwork] {
        let place = "\(folder)/\(RunRecord.folder)"
        // Without the folder there are no networks yet.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            return []
        }
        var found = [used]
        for file in names.sorted() where file.hasSuffix(".h5") {
            let stem = String(file.dropLast(3))
            let fold = stem.wholeMatch(of: /(.+)-(\d+)-of-\d+/)
            guard fold.map({ $0.output.2 == "0" }) ?? true else { continue }
            let path = "\(place)/\(file)"
            do {
                let network = try Network.load(path)
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

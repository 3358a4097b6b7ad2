import AtlasModel
import Catalog
import Classification
import Fingerprint
import Messages
import Parallel

/// A network that a build trained or reused.
struct TrainedNetwork {
    let network: Network
    let path: String
    /// `nil` for a network that was reused from the workspace.
    var run: RunRecord?
}

/// The network of the atlas and, for each fold, a network that was not trained on the fold.
struct TrainedNetworks {
    let architecture: String
    let settings: TrainingSettings
    let main: TrainedNetwork
    /// The training pictures of each fold, and the network that predicts them.
    let folds: [(pictures: [Int], network: TrainedNetwork)]
    /// Training pictures drawn at random, as many as in a fold, and a network that was trained on the
    /// others; `nil` if nothing is compared with the folds.
    let random: (pictures: [Int], network: TrainedNetwork)?
}

extension BuildContext {
    /// What the settings say of the training of a network.
    func trainingRequest(_ loaded: LoadedCollection) -> TrainingRequest {
        TrainingRequest(
            loaded: loaded, types: types, epochs: settings.epochs, seed: seed,
            threads: workers.count, acceptsNetwork: true)
    }

    /// Trains the network that the settings name, and the networks of the folds, as the stage `train`.
    mutating func train(_ request: TrainingRequest) throws -> TrainedNetworks {
        let loaded = request.loaded
        guard let workspace else { preconditionFailure("a build has a workspace") }
        var architecture = settings.network
        var best: TrainedNetwork?
        if architecture == Run.automatic {
            (architecture, best) = try bestNetwork(request, in: workspace)
        }
        let training = try request.settings(for: architecture)
        let labelled = loaded.catalogue.labelled(in: .train)
        let folds = loaded.catalogue.folds(
            settings.folds, in: labelled, by: loaded.catalogue.division.rule
        ).map { inside in
            (inside: inside, outside: labelled.leavingOut(inside))
        }.filter { !$0.inside.isEmpty && !$0.outside.isEmpty }
        let random = folds.isEmpty ? nil : loaded.catalogue.randomFold(settings.folds, of: labelled)
        let first = best == nil ? 0 : 1
        let sets =
            ((best == nil ? [labelled] : []) + folds.map(\.outside)).enumerated().map {
                (name: "\(first + $0)", pictures: $1)
            } + (random.map { [("random", labelled.leavingOut($0))] } ?? [])
        let parts = sets.map { name, pictures in
            let job = TrainingJob(
                architecture: architecture, catalogue: loaded.catalogue, types: types,
                pictures: pictures, settings: training)
            let file = TrainedNetwork.file(architecture, name, of: settings.folds)
            return (stage: Stage.train(job, file: file, in: workspace), work: job.work)
        }
        let networks =
            (best.map { [$0] } ?? [])
            + (parts.isEmpty ? [] : try run(parts: parts, remark: Self.remark))
        return TrainedNetworks(
            architecture: architecture, settings: training, main: networks[0],
            folds: zip(folds.map(\.inside), networks.dropFirst()).map {
                (pictures: $0, network: $1)
            }, random: random.map { ($0, networks[networks.count - 1]) })
    }

    /// The remark of the progress line: how many networks there are, and how many were reused.
    private static func remark(_ networks: [Staged<TrainedNetwork>]) -> String {
        let reused = networks.count { $0.isReused }
        return counted(networks.count, "network")
            + (reused == 0 ? "" : ", \(reused) reused from an earlier build")
    }
}

extension TrainedNetwork {
    /// File of the workspace for the network of the whole training set (`0`), for the network that was
    /// not trained on a fold (numbers from 1), or for that of a fold drawn at random (`random`).
    static func file(_ architecture: String, _ name: String, of folds: Int) -> String {
        "\(RunRecord.folder)/\(architecture)-\(name)-of-\(folds).h5"
    }
}

extension Stage<TrainedNetwork> {
    /// Raised when the same pictures and settings give another network.
    private static var revision: Int { 1 }

    /// Trains one network.
    static func train(_ job: TrainingJob, file: String, in workspace: Workspace) -> Stage {
        let path = workspace.path(of: file)
        return Stage(
            .train,
            cachedIn: CacheEntry(
                file: file, key: key(of: job),
                read: { TrainedNetwork(network: try Network.load($0), path: $0) },
                write: { trained, path in
                    try trained.network.save(to: path)
                    try trained.run?.write(of: path)
                }),
            make: { progress in
                let clock = ContinuousClock()
                let start = clock.now
                let network = try job.network(progress: progress)
                let run = RunRecord(seconds: (clock.now - start) / .seconds(1))
                return TrainedNetwork(network: network, path: path, run: run)
            })
    }

    /// What a network depends on.
    static func key(of job: TrainingJob) -> CacheKey {
        let catalogue = job.catalogue
        let dev = catalogue.labelled(in: .dev)
        return CacheKey(
            .train, revision: revision,
            [
                .init(name: "architecture", value: .text(job.architecture)),
                .init(
                    name: "training pictures",
                    value: .digest(catalogue.digest(of: job.pictures, types: job.types))),
                .init(
                    name: "dev pictures",
                    value: .digest(catalogue.digest(of: dev, types: job.types))),
            ] + job.settings.keyFields)
    }
}

extension TrainingSettings {
    /// Every setting that a trained network depends on.
    var keyFields: [CacheKey.Field] {
        [
            .init(name: "epochs", value: .integer(epochs)),
            .init(name: "batch size", value: .integer(batchSize)),
            .init(name: "seed", value: .unsigned(seed)),
            .init(name: "threads", value: .integer(threads)),
            .init(name: "learning rate", value: .real(Double(recipe.rate))),
            .init(name: "weight decay", value: .real(Double(recipe.weightDecay))),
            .init(name: "warm-up", value: .real(recipe.warmUp)),
            .init(name: "label smoothing", value: .real(Double(recipe.smoothing))),
            .init(name: "shift", value: .integer(recipe.shift)),
            .init(name: "averaging", value: .real(recipe.averaging)),
        ]
    }
}

extension Catalogue {
    /// A fold of pictures drawn at random, to compare with folds that keep groups together; `nil` if
    /// the folds do not, if they have nothing to keep together but equal pictures, or if the fold would
    /// have all pictures or none.
    fileprivate func randomFold(_ count: Int, of pictures: [Int]) -> [Int]? {
        guard division.rule != .random else { return nil }
        var digests: [Int: String] = [:]
        let hasGroups = pictures.contains { picture in
            let digest = images[picture].digest
            let other = digests.updateValue(digest, forKey: groups.first[picture])
            return other != nil && other != digest
        }
        let fold = folds(count, in: pictures, by: .random)[0]
        return hasGroups && !fold.isEmpty && fold.count < pictures.count ? fold : nil
    }
}

extension [Int] {
    /// The numbers that are not in `others`, in their order.
    fileprivate func leavingOut(_ others: [Int]) -> [Int] {
        let others = Set(others)
        return filter { !others.contains($0) }
    }
}

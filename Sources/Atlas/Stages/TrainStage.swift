import AtlasModel
import Catalog
import Classification
import Fingerprint
import Messages
import Parallel

/// A classifier that a build trained or reused.
struct TrainedClassifier {
    let classifier: Classifier
    let path: String
    /// `nil` for a classifier that was reused from the workspace.
    var run: RunRecord?
}

/// The classifier of the atlas and, for each fold, one that was not trained on the fold.
struct TrainedClassifiers {
    /// That of an architecture, or `texture`.
    let name: String
    let main: TrainedClassifier
    /// The training pictures of each fold, and the classifier that predicts them.
    let folds: [(pictures: [Int], classifier: TrainedClassifier)]
    /// Training pictures drawn at random, as many as in a fold, and a classifier that was trained on the
    /// others; `nil` if nothing is compared with the folds.
    let random: (pictures: [Int], classifier: TrainedClassifier)?
    /// `nil` if the classifier was named.
    var choice: ClassifierChoice?
    /// The best of the networks that were tried; `nil` without one.
    var bestNetwork: StoredClassifier?
}

extension BuildContext {
    /// What the settings say of the training of a classifier.
    func trainingRequest(_ loaded: LoadedCollection) -> TrainingRequest {
        TrainingRequest(
            loaded: loaded, types: types, epochs: settings.epochs, inputSide: settings.inputSide,
            seconds: settings.budget ?? Run.standardBudget, seed: seed, threads: trainingThreads,
            acceptsNetwork: true)
    }

    /// Trains the classifier that the settings name, and those of the folds, as the stage `train`.
    mutating func train(_ request: TrainingRequest) throws -> TrainedClassifiers {
        let catalogue = request.loaded.catalogue
        var name = settings.classifier(for: catalogue)
        // Nobody has asked for a choice, and there is nothing to choose by.
        if settings.network == nil, name == Run.automatic, catalogue.labelled(in: .dev).isEmpty {
            name = Classifier.textureName
        }
        guard name == Run.automatic else {
            return try trained(name, on: TrainingSets(request, folds: settings.folds), request)
        }
        let sets = TrainingSets(request, folds: settings.folds)
        var request = request
        request.seconds =
            ClassifierPlan.shareOfGrain * (settings.budget ?? Run.standardBudget)
            / Double(sets.all.count)
        request.inputSide = try request.inputSide ?? request.sideInTime()
        let best = try bestClassifier(request, sets)
        var trained = try self.trained(best.name, on: sets, request, main: best.classifier)
        trained.choice = best.choice
        trained.bestNetwork = best.network
        return trained
    }

    /// Trains a classifier on each of the sets.
    /// - Parameter main: that of the whole training set, if it is trained already.
    private mutating func trained(
        _ name: String, on sets: TrainingSets, _ request: TrainingRequest,
        main: TrainedClassifier? = nil
    ) throws -> TrainedClassifiers {
        var settings: TextureSettings?
        var classifiers = main.map { [$0] } ?? []
        if name == Classifier.textureName || name == Classifier.fusedName {
            // The classifiers of the folds have the settings of the first.
            if classifiers.isEmpty {
                classifiers = try classifiersTrained(name, on: [sets.all[0]], request)
            }
            settings = classifiers.first?.classifier.textures?.settings
        }
        let left = Array(sets.all.dropFirst(classifiers.count))
        if !left.isEmpty {
            classifiers += try classifiersTrained(name, on: left, request, settings)
        }
        return TrainedClassifiers(
            name: name, main: classifiers[0],
            folds: zip(sets.folds, classifiers.dropFirst()).map {
                (pictures: $0, classifier: $1)
            }, random: sets.random.map { ($0, classifiers[classifiers.count - 1]) })
    }

    /// Trains a classifier on each of some sets, as parts of the stage `train`.
    private mutating func classifiersTrained(
        _ name: String, on sets: [TrainingSets.Named], _ request: TrainingRequest,
        _ settings: TextureSettings? = nil
    ) throws -> [TrainedClassifier] {
        guard name != Classifier.fusedName else {
            let textures = try classifiersTrained(
                Classifier.textureName, on: sets, request, settings)
            let networks = try classifiersTrained(Architecture.grain, on: sets, request)
            return try fused(Array(zip(textures, networks)), on: sets, request.loaded)
        }
        let parts = try sets.map { try part(name, on: $0, request, settings) }
        return try run(parts: parts, remark: Self.remark)
    }

    /// A part of the stage `train`, and its amount of work.
    /// - Parameter settings: of a classifier of textures; `nil` to search for them.
    mutating func part(
        _ name: String, on set: TrainingSets.Named, _ request: TrainingRequest,
        _ settings: TextureSettings? = nil
    ) throws -> (stage: Stage<TrainedClassifier>, work: Int) {
        guard let workspace else { preconditionFailure("a build has a workspace") }
        let file = TrainedClassifier.file(name, set.name, of: self.settings.folds)
        let catalogue = request.loaded.catalogue
        guard name == Classifier.textureName else {
            let job = TrainingJob(
                architecture: try request.architecture(name), catalogue: catalogue, types: types,
                pictures: set.pictures, settings: try request.settings(for: name),
                larger: largerPictures(of: request.loaded))
            return (.train(job, file: file, in: workspace), job.work)
        }
        let job = TextureJob(
            textures: try textures(of: request.loaded), catalogue: catalogue, types: types,
            pictures: set.pictures, settings: settings)
        return (.train(job, file: file, in: workspace, workers), job.work)
    }

    /// The remark of the progress line: how many classifiers there are, and how many were reused.
    static func remark(_ classifiers: [Staged<TrainedClassifier>]) -> String {
        let reused = classifiers.count { $0.isReused }
        let noun =
            classifiers.contains { $0.value.classifier.needsTexture } ? "classifier" : "network"
        return counted(classifiers.count, noun)
            + (reused == 0 ? "" : ", \(reused) reused from an earlier build")
    }
}

/// The sets of pictures that classifiers of a build are trained on.
struct TrainingSets {
    typealias Named = (name: String, pictures: [Int])

    /// First the whole training set, then what is outside of each fold, then what is outside of the
    /// fold drawn at random. The names are parts of file names.
    let all: [Named]
    /// The pictures of each fold.
    let folds: [[Int]]
    /// `nil` if nothing is compared with the folds.
    let random: [Int]?

    init(_ request: TrainingRequest, folds count: Int) {
        let catalogue = request.loaded.catalogue
        let labelled = catalogue.labelled(in: .train)
        let folds = catalogue.folds(count, in: labelled, by: catalogue.division.rule).filter {
            !$0.isEmpty && $0.count < labelled.count
        }
        let random = folds.isEmpty ? nil : catalogue.randomFold(count, of: labelled)
        self.folds = folds
        self.random = random
        let outside = ([labelled] + folds.map(labelled.leavingOut)).enumerated().map {
            (name: "\($0)", pictures: $1)
        }
        all = outside + (random.map { [(name: "random", pictures: labelled.leavingOut($0))] } ?? [])
    }
}

extension TrainedClassifier {
    /// File of the workspace for the classifier of the whole training set (`0`), for the one that was
    /// not trained on a fold (numbers from 1), or for that of a fold drawn at random (`random`).
    static func file(_ name: String, _ set: String, of folds: Int) -> String {
        "\(RunRecord.folder)/\(name)-\(set)-of-\(folds).h5"
    }
}

extension Stage<TrainedClassifier> {
    /// Raised when the same pictures and settings give another network.
    private static var revision: Int { 1 }

    /// Trains one network.
    static func train(_ job: TrainingJob, file: String, in workspace: Workspace) -> Stage {
        stage(file, key(of: job), in: workspace) { .network(try job.network(progress: $0)) }
    }

    /// A stage that trains one classifier.
    /// - Parameter earlier: seconds of the trainings of its parts.
    static func stage(
        _ file: String, _ key: CacheKey, in workspace: Workspace, after earlier: Double = 0,
        training: @escaping (@escaping ProgressReport) throws -> Classifier
    ) -> Stage {
        let path = workspace.path(of: file)
        return Stage(
            .train,
            cachedIn: CacheEntry(
                file: file, key: key,
                read: { TrainedClassifier(classifier: try Classifier.load($0), path: $0) },
                write: { trained, path in
                    try trained.classifier.save(to: path)
                    try trained.run?.write(of: path)
                }),
            make: { progress in
                let clock = ContinuousClock()
                let start = clock.now
                let classifier = try training(progress)
                let run = RunRecord(seconds: earlier + (clock.now - start) / .seconds(1))
                return TrainedClassifier(classifier: classifier, path: path, run: run)
            })
    }

    /// What a network depends on.
    static func key(of job: TrainingJob) -> CacheKey {
        let catalogue = job.catalogue
        let dev = catalogue.labelled(in: .dev)
        let architecture = job.architecture
        let crops: [CacheKey.Field] =
            architecture.seesCrops
            ? [
                .init(name: "input", value: .integer(architecture.side)),
                .init(name: "decoding", value: .integer(Readings.revision)),
                .init(
                    name: "files",
                    value: .digest(
                        Fingerprint(ofParts: job.larger.versions(job.pictures + dev).map(\.hex)))),
            ] : []
        return CacheKey(
            .train, revision: revision,
            [
                .init(name: "architecture", value: .text(architecture.name)),
                .init(
                    name: "training pictures",
                    value: .digest(catalogue.digest(of: job.pictures, types: job.types))),
                .init(
                    name: "dev pictures",
                    value: .digest(catalogue.digest(of: dev, types: job.types))),
            ] + job.settings.repeated(by: architecture).keyFields + crops)
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
            + (recipe.crops.map { crops in
                [
                    .init(name: "smallest crop", value: .real(Double(crops.smallest))),
                    .init(name: "light", value: .real(Double(crops.light))),
                    .init(name: "tint", value: .real(Double(crops.tint))),
                ]
            } ?? [])
            + (recipe.open.map { open in
                [
                    .init(name: "patience", value: .integer(open.patience)),
                    .init(name: "fall", value: .real(open.fall)),
                ]
            } ?? [])
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

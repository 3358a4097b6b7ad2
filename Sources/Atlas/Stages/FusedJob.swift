import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel

/// Fuses classifiers of textures with networks: both parts of one were trained on the same pictures.
struct FusedJob {
    let catalogue: Catalogue
    let input: ClassifierInput
    let workers: Workers

    /// Number of folds of the dev set for a fair comparison.
    private static let folds = 5

    private var dev: [Int] { catalogue.labelled(in: .dev) }
    private var labels: [Int] { dev.compactMap { catalogue.images[$0].label } }

    func classifier(_ textures: TextureClassifier, _ network: Network) throws -> FusedClassifier {
        FusedClassifier(
            textures, network, parts: try parts(textures, network, dev), labels: labels)
    }

    /// Predictions of the dev set, each with a weight that was fitted on groups other than its own.
    func crossValidated(_ fused: FusedClassifier) throws -> [Prediction] {
        fused.crossValidated(
            parts: try parts(fused.textures, fused.network, dev), labels: labels,
            folds: catalogue.places(ofFolds: Self.folds, in: dev))
    }

    private func parts(_ textures: TextureClassifier, _ network: Network, _ pictures: [Int]) throws
        -> FusedClassifier.Parts
    {
        (
            try input.predictions(by: .textures(textures), pictures, workers: workers),
            try input.predictions(by: .network(network), pictures, workers: workers)
        )
    }
}

extension BuildContext {
    /// Fuses classifiers, one of textures and a network for each of some sets, as parts of the stage `train`.
    mutating func fused(
        _ parts: [(textures: TrainedClassifier, network: TrainedClassifier)],
        on sets: [TrainingSets.Named], _ loaded: LoadedCollection
    ) throws -> [TrainedClassifier] {
        let job = FusedJob(
            catalogue: loaded.catalogue,
            input: try input(loaded, for: parts.map(\.textures.classifier)), workers: workers)
        let stages = try zip(parts, sets).map { part, set in
            try stage(fusing: part.textures, part.network, set, job)
        }
        return try run(parts: stages.map { ($0, 1) }, remark: Self.remark)
    }

    private func stage(
        fusing textures: TrainedClassifier, _ network: TrainedClassifier,
        _ set: TrainingSets.Named, _ job: FusedJob
    ) throws -> Stage<TrainedClassifier> {
        guard let workspace else { preconditionFailure("a build has a workspace") }
        guard let ofTextures = textures.classifier.textures, let own = network.classifier.network
        else {
            preconditionFailure("A fused classifier has a classifier of textures and a network.")
        }
        let name = Classifier.fusedName
        let dev = job.catalogue.labelled(in: .dev)
        let seen = try [textures, network].map {
            try $0.stored(as: name).digest().hex
        }
        let key = CacheKey(
            .train, revision: 1,
            [
                "architecture": .text(name),
                "parts": .texts(seen),
                "dev pictures": .digest(job.catalogue.digest(of: dev, types: types)),
                "textures of dev pictures": .digest(
                    Fingerprint(
                        ofParts: job.input.digests(for: textures.classifier, dev).map(\.hex))),
                "crops of dev pictures": .digest(
                    Fingerprint(
                        ofParts: job.input.digests(for: network.classifier, dev).map(\.hex))),
            ])
        let earlier = [textures, network].compactMap { RunRecord.read(of: $0.path)?.seconds }
        return .stage(
            TrainedClassifier.file(name, set.name, of: settings.folds), key, in: workspace,
            after: earlier.reduce(0, +)
        ) { _ in .fused(try job.classifier(ofTextures, own)) }
    }
}

import AtlasModel
import Catalog
import Fingerprint
import Messages
import Parallel
import Similarity

/// K-Means on the features that a view compares, and how long it took to fit.
struct FittedFeatureClusters {
    let clusters: ClusteredFeatures
    /// `nil` when no record of the run exists.
    var run: RunRecord?
}

/// Makes the features that a view compares when a stage first needs them, and only once.
final class FeaturesOnce {
    private let make: (ProgressReport?) throws -> ComparedFeatures
    private let now: () -> Double
    private var made: ComparedFeatures?
    /// Seconds of making them; 0 as long as nothing needed them.
    private(set) var seconds = 0.0

    /// - Parameter now: a clock in seconds.
    init(_ pass: LikenessPass, _ input: LikenessInput, now: @escaping () -> Double) {
        make = { progress in
            var input = input
            input.progress = progress
            return try pass.features(input)
        }
        self.now = now
    }

    func value(_ progress: ProgressReport?) throws -> ComparedFeatures {
        if let made { return made }
        let begin = now()
        let features = try make(progress)
        seconds = now() - begin
        made = features
        return features
    }
}

extension BuildContext {
    /// Fits K-Means on the features that a view compares, as the stage `cluster`.
    mutating func clusters(
        _ catalogue: Catalogue, by pass: LikenessPass, _ features: FeaturesOnce,
        _ basis: LikenessBasis
    ) throws -> FittedFeatureClusters {
        try run(
            .cluster(
                catalogue, by: pass.view, features, settings.fitting(seed: seed),
                basis: basis.featureFields(for: pass.view), self)
        ) { fitted in
            counted(fitted.value.clusters.model.k, "cluster")
                + " by \(pass.view.id)"
                + (fitted.isReused ? ", reused from an earlier build" : "")
        }
    }
}

extension AtlasSettings {
    /// How K-Means is fitted.
    func fitting(seed: UInt64) -> KMeansSettings {
        KMeansSettings(
            k: k.map { $0...$0 } ?? 1...10, restarts: restarts, seed: seed, rotations: rotations)
    }
}

extension Stage<FittedFeatureClusters> {
    /// Raised when the same features and settings give other clusters.
    private static var revision: Int { 1 }

    /// Fits K-Means on the features of a view for each k of the settings.
    /// - Parameter basis: digests of what the features are made from besides the pictures.
    static func cluster(
        _ catalogue: Catalogue, by view: LikenessView, _ features: FeaturesOnce,
        _ settings: KMeansSettings, basis: [CacheKey.Field], _ context: BuildContext
    ) -> Stage {
        let (narrator, workers) = (context.narrator, context.workers)
        return Stage(
            .cluster,
            cachedIn: CacheEntry(
                file: "kmeans-\(view.id).h5",
                key: key(
                    pictures: Fingerprint(of: catalogue.vectors.bytes), view, settings,
                    basis: basis),
                read: {
                    FittedFeatureClusters(
                        clusters: try ClusteredFeatures(contentsOf: $0), run: .read(of: $0))
                },
                write: { fitted, path in
                    try fitted.clusters.save(to: path)
                    try fitted.run?.keep(beside: path)
                }),
            make: { progress in
                let compared = try features.value(progress)
                let begin = narrator.now()
                let model = try FeatureClusters.fit(
                    compared, settings, workers: workers, progress: progress)
                return FittedFeatureClusters(
                    clusters: ClusteredFeatures(model, of: compared),
                    run: RunRecord(seconds: narrator.now() - begin))
            })
    }

    /// What a fit depends on.
    /// - Parameter pictures: digest of the model vectors.
    static func key(
        pictures: Fingerprint, _ view: LikenessView, _ settings: KMeansSettings,
        basis: [CacheKey.Field]
    ) -> CacheKey {
        CacheKey(
            .cluster, revision: revision,
            [
                .init(name: "view", value: .text(view.id)),
                .init(name: "view revision", value: .integer(view.revision)),
                .init(name: "pictures", value: .digest(pictures)),
                .init(name: "k", value: .range(settings.k)),
                .init(name: "restarts", value: .integer(settings.restarts)),
                .init(name: "seed", value: .unsigned(settings.seed)),
                .init(name: "rotations", value: .flag(settings.rotations)),
            ] + basis)
    }
}

extension ClusteredFeatures {
    /// What the pages show of the clusters. Instead of a mean each cluster has the picture that is
    /// nearest to its centroid.
    func clustering(of vectors: ModelVectors, by view: LikenessView) -> Clustering {
        var sizes = [Int](repeating: 0, count: model.k)
        for cluster in assignments { sizes[Int(cluster)] += 1 }
        let grey = [UInt8](repeating: 128, count: ModelVectors.length)
        return Clustering(
            k: model.k, assignments: assignments.map(Int.init), sizes: sizes,
            inertia: model.elbow, suggested: model.suggested,
            means: middles.map { $0.map { Array(vectors[$0]) } ?? grey }, view: view)
    }
}

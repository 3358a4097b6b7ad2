import AtlasModel
import Catalog
import Fingerprint
import Messages
import Parallel
import Similarity

/// A K-Means model, and how long it took to fit.
struct FittedClusters {
    let model: KMeansModel
    /// The clusters of the pictures; `nil` when they were not needed yet.
    var assignments: [Int32]?
    /// `nil` when no record of the run exists.
    var run: RunRecord?
}

extension BuildContext {
    /// Fits K-Means, as the stage `cluster`, or loads the model that was given.
    /// - Parameter file: a fitted model; `nil` to fit one.
    /// - Throws: `AtlasError.rotationsDiffer`, or what is wrong with the file.
    mutating func clusters(_ vectors: ModelVectors, file: String?) throws -> FittedClusters {
        if let file { return try givenClusters(vectors, file) }
        return try run(.cluster(vectors, settings.fitting(seed: seed), self)) { fitted in
            counted(fitted.value.model.k, "cluster")
                + (fitted.isReused ? ", reused from an earlier build" : "")
        }
    }

    private func givenClusters(_ vectors: ModelVectors, _ file: String) throws -> FittedClusters {
        let model = try KMeansModel.load(file)
        guard model.rotations == settings.rotations else {
            throw AtlasError.rotationsDiffer(model: file, fitted: model.rotations)
        }
        let assignments = try model.assignments(of: vectors, workers: workers)
        guard try model.curveIsOf(vectors, in: assignments, workers: workers) else {
            narrator.warn(
                "\(file) was not fitted to just these pictures; the look-alikes page leaves out "
                    + "its curve of inertia.")
            return FittedClusters(model: model.withoutCurve, assignments: assignments)
        }
        return FittedClusters(model: model, assignments: assignments)
    }
}

extension Stage<FittedClusters> {
    /// Raised when the same vectors and settings give other clusters.
    private static var revision: Int { 1 }

    /// Fits K-Means for each k of the settings.
    static func cluster(
        _ vectors: ModelVectors, _ settings: KMeansSettings, _ context: BuildContext
    ) -> Stage {
        let (narrator, workers) = (context.narrator, context.workers)
        return Stage(
            .cluster,
            cachedIn: CacheEntry(
                file: "kmeans.h5",
                key: key(pictures: Fingerprint(of: vectors.bytes), settings),
                read: { FittedClusters(model: try KMeansModel.load($0), run: .read(of: $0)) },
                write: { fitted, path in
                    try fitted.model.save(to: path)
                    try fitted.run?.keep(beside: path)
                }),
            make: { progress in
                let begin = narrator.now()
                let model = try KMeansModel.fit(
                    vectors, settings, workers: workers, progress: progress
                ).model
                return FittedClusters(
                    model: model, run: RunRecord(seconds: narrator.now() - begin))
            })
    }

    /// What a fit depends on.
    /// - Parameter pictures: digest of the model vectors.
    static func key(pictures: Fingerprint, _ settings: KMeansSettings) -> CacheKey {
        CacheKey(
            .cluster, revision: revision,
            [
                "pictures": .digest(pictures), "k": .range(settings.k),
                "restarts": .integer(settings.restarts), "seed": .unsigned(settings.seed),
                "rotations": .flag(settings.rotations),
            ])
    }
}

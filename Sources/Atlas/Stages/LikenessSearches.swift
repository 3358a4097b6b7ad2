import AtlasModel
import Catalog
import Classification
import Grouping
import Messages
import Parallel
import Similarity

extension LikenessInput {
    /// The input of the searches of a build or a query.
    /// - Parameters:
    ///   - kmeans: `nil` when no model searches within clusters.
    ///   - network: `nil` when no view needs one.
    init(
        _ vectors: ModelVectors, rotations: Bool, kmeans: KMeansModel?, network: Network?,
        workers: Workers
    ) {
        self.init(vectors, rotations: rotations, workers: workers)
        self.kmeans = kmeans
        ground = GroundPairing(
            within: { try GroundSearch($0, workers: workers).pairs(workers: workers).map(\.pair) },
            between: {
                try GroundSearch.pairs(of: $0, with: $1, workers: workers).map(\.pair)
            })
        if let network {
            features = { pictures in try network.features(pictures, threads: workers.count) }
        }
    }
}

extension LikenessView {
    /// Whether the search first computes features of all pictures. The pixels need no such step.
    var makesFeatures: Bool { measure != .correlation }
}

/// The searches that a query needs.
struct LikenessSearches {
    /// One for each view.
    let passes: [Prepared]
    /// `nil` when no model searches within clusters.
    let kmeans: KMeansModel?
    /// Of the collection; `nil` when no model compares them.
    let textures: TextureVectors?
    /// Seconds of fitting K-Means.
    let fitting: Double

    struct Prepared {
        let pass: LikenessPass
        let search: LikenessSearch
        /// Seconds of computing features; 0 when the view needs none.
        let preparation: Double
    }
}

extension Run {
    /// Prepares the searches of a query. K-Means is fitted with k from 1 to 10, 10 restarts each.
    /// - Parameter context: its workspace is searched for a fit, and receives the fit if it has
    ///   none.
    func searches(
        _ loaded: LoadedCollection, _ query: LikenessQuery, network: Network?,
        _ context: inout BuildContext
    ) throws -> LikenessSearches {
        let catalogue = loaded.catalogue
        let vectors = catalogue.vectors
        let begin = narrator.now()
        let clusters = query.models.contains { $0.scope == .cluster }
        let model =
            try clusters
            ? kmeans(
                vectors,
                KMeansSettings(
                    k: 1...10, restarts: 10, seed: seed, rotations: query.rotations), context)
            : nil
        let fitting = model == nil ? 0 : narrator.now() - begin
        var input = LikenessInput(
            vectors, rotations: query.rotations, kmeans: model, network: network,
            workers: workers)
        input.specimens = catalogue.specimens
        input.textures = try context.textures(of: loaded, for: query.models)
        let textures = input.textures
        input.progress = narrator.progress
        let prepared = try likenessModels.passes(for: query.models).map { pass in
            guard pass.view.makesFeatures else {
                return LikenessSearches.Prepared(
                    pass: pass, search: try pass.search(input), preparation: 0)
            }
            let (search, time) = try narrator.stage("features") { try pass.search(input) }
            return LikenessSearches.Prepared(pass: pass, search: search, preparation: time)
        }
        return LikenessSearches(
            passes: prepared, kmeans: model, textures: textures, fitting: fitting)
    }

    /// The model that a build or an earlier query fitted. If there is none, fits one and caches it.
    private func kmeans(
        _ vectors: ModelVectors, _ settings: KMeansSettings, _ context: BuildContext
    ) throws -> KMeansModel {
        guard let workspace = context.workspace else {
            return try kmeans(vectors, settings).value.model
        }
        let stage = Stage.cluster(vectors, settings, context)
        guard let built = stage.entry else { return try kmeans(vectors, settings).value.model }
        if let found = try workspace.reusedValue(of: built, warn: narrator.warn) {
            return found.model
        }
        // Another file than that of the build, because the build may have used another k.
        let own = built.moved(
            to: settings.rotations ? "similar/kmeans-turned.h5" : "similar/kmeans.h5")
        return try workspace.value(of: own, context.reporter) { _ in
            FittedClusters(model: try kmeans(vectors, settings).value.model)
        }.value.model
    }

    /// Fits K-Means without a cache.
    func kmeans(_ vectors: ModelVectors, _ settings: KMeansSettings) throws -> (
        value: KMeansResult, seconds: Double
    ) {
        try narrator.stage(
            "cluster", remark: { counted($0.model.k, "cluster") },
            work: {
                try KMeansModel.fit(
                    vectors, settings, workers: workers, progress: narrator.progress)
            })
    }
}

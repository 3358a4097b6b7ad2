import AtlasModel
import Catalog
import Classification
import Files
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
    /// `nil` when no model of pixels searches within clusters.
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
        /// K-Means on the features; `nil` when no model of the view searches within clusters of them.
        var clusters: FeatureClusters?
        /// Seconds of fitting it.
        var fitting = 0.0
        /// The features that the view compares; `nil` if it compares none.
        var features: ComparedFeatures?
    }
}

extension Run {
    /// Prepares the searches of a query. K-Means is fitted with k from 1 to 10, 10 restarts each.
    /// - Parameter context: its workspace is searched for fits, and receives those that it does not have.
    func searches(
        _ loaded: LoadedCollection, _ query: LikenessQuery, network: StoredClassifier?,
        _ context: inout BuildContext
    ) throws -> LikenessSearches {
        let catalogue = loaded.catalogue
        let settings = KMeansSettings(
            k: 1...10, restarts: 10, seed: seed, rotations: query.rotations)
        let begin = narrator.now()
        let clusters = query.models.contains {
            $0.scope == .cluster && !$0.view.makesFeatures
        }
        let model =
            try clusters
            ? kept(
                .cluster(catalogue.vectors, settings, context), settings, context,
                remark: { counted($0.model.k, "cluster") }
            ).model : nil
        let fitting = model == nil ? 0 : narrator.now() - begin
        var input = LikenessInput(
            catalogue.vectors, rotations: query.rotations, kmeans: model,
            network: network?.network, workers: workers)
        input.specimens = catalogue.specimens
        input.textures = try context.textures(of: loaded, for: query.models)
        let basis = LikenessBasis(
            clusters: model, network: network, textures: input.textures)
        input.progress = narrator.progress
        let prepared = try likenessModels.passes(for: query.models).map { pass in
            if pass.comparesFeatures {
                return try self.prepared(pass, input, catalogue, basis, settings, context)
            }
            guard pass.view.makesFeatures else {
                return LikenessSearches.Prepared(
                    pass: pass, search: try pass.search(input), preparation: 0)
            }
            let (search, time) = try narrator.stage("features") { try pass.search(input) }
            return LikenessSearches.Prepared(pass: pass, search: search, preparation: time)
        }
        return LikenessSearches(
            passes: prepared, kmeans: model, textures: basis.textures, fitting: fitting)
    }

    /// The search of a view that compares features, with K-Means on them if a model needs it.
    private func prepared(
        _ pass: LikenessPass, _ input: LikenessInput, _ catalogue: Catalogue,
        _ basis: LikenessBasis, _ settings: KMeansSettings, _ context: BuildContext
    ) throws -> LikenessSearches.Prepared {
        let features = FeaturesOnce(pass, input, now: narrator.now)
        let (compared, time) = try narrator.stage("features") {
            try features.value(narrator.progress)
        }
        var input = input
        input.compared = compared
        let begin = narrator.now()
        if pass.needsClusters {
            input.clusters = try kept(
                .cluster(
                    catalogue, by: pass.view, features, settings,
                    basis: basis.featureFields(for: pass.view), context),
                settings, context, remark: { counted($0.clusters.model.k, "cluster") }
            ).clusters.model
        }
        let fitting = pass.needsClusters ? narrator.now() - begin : 0
        return LikenessSearches.Prepared(
            pass: pass, search: try pass.search(input), preparation: time,
            clusters: input.clusters, fitting: fitting, features: compared)
    }

    /// The result of a stage that a build or an earlier query made. If there is none, it is made and kept
    /// in another file than that of the build, because the build may have other settings.
    private func kept<Value>(
        _ stage: Stage<Value>, _ settings: KMeansSettings, _ context: BuildContext,
        remark: (Value) -> String
    ) throws -> Value {
        func made() throws -> Value {
            try narrator.stage(
                stage.name.rawValue, remark: remark,
                work: { try stage.make(nil, narrator.progress) }
            ).value
        }
        guard let workspace = context.workspace, let built = stage.entry else {
            return try made()
        }
        if let found = try workspace.reusedValue(of: built, warn: narrator.warn) { return found }
        let name = Paths.stem(of: built.file) + (settings.rotations ? "-turned" : "")
        return try workspace.value(
            of: built.moved(to: "similar/\(name).h5"), context.reporter
        ) { _ in try made() }.value
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

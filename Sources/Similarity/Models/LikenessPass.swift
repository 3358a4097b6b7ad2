package import AtlasModel
package import Parallel

/// Likeness models of one view, which share one search.
package struct LikenessPass: Sendable {
    package let view: LikenessView
    /// In the order of the table; at least one.
    package let models: [LikenessModel]
    private let make: LikenessEntry.MakeSearch
    private let makeFeatures: LikenessEntry.MakeFeatures?

    /// - Precondition: `entries` is not empty.
    init(view: LikenessView, entries: [LikenessEntry]) {
        self.view = view
        models = entries.map(\.model)
        make = entries[0].search
        makeFeatures = entries[0].features
    }

    /// Whether one of the models searches within clusters, so that K-Means has to be fitted.
    package var needsClusters: Bool { models.contains { $0.scope == .cluster } }

    /// Whether the view compares features by their cosine, on which K-Means is fitted too.
    package var comparesFeatures: Bool { makeFeatures != nil }

    /// The features that the view compares.
    /// - Precondition: `comparesFeatures`.
    package func features(_ input: LikenessInput) throws -> ComparedFeatures {
        guard let makeFeatures else {
            preconditionFailure("The view \"\(view.id)\" compares no features.")
        }
        return try makeFeatures(input)
    }

    /// Prepares the search.
    /// - Parameter input: K-Means and the network are used only if the models need them.
    package func search(_ input: LikenessInput) throws -> LikenessSearch {
        var input = input
        if !needsClusters { (input.kmeans, input.clusters) = (nil, nil) }
        if !view.needsNetwork { input.features = nil }
        if !view.needsTexture { input.textures = nil }
        return LikenessSearch(models: models, search: try make(input))
    }
}

/// A search that returns its results by model.
package struct LikenessSearch: Sendable {
    package let models: [LikenessModel]
    private let search: any TargetSearch

    init(models: [LikenessModel], search: any TargetSearch) {
        self.models = models
        self.search = search
    }

    /// The targets of every picture of the collection, one table for each model.
    /// - Parameters:
    ///   - share: of the comparisons; what all shares find is put together by `Folding.joined`.
    ///   - top: largest number of targets of a picture.
    package func neighbours(
        of share: Share = .whole, top: Int, workers: Workers, progress: ProgressReport?
    ) throws -> [Neighbours] {
        byModel(
            try search.neighbours(of: share, top: top, workers: workers, progress: progress))
    }

    /// The targets of any candidates, one table for each model.
    /// - Parameters:
    ///   - excluding: for each candidate, its own index in the collection; `nil` if it does not
    ///     belong to the collection.
    ///   - top: largest number of targets of a candidate.
    package func targets(
        of candidates: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int,
        workers: Workers
    ) throws -> [Neighbours] {
        byModel(
            try search.targets(of: candidates, excluding: excluding, top: top, workers: workers))
    }

    private func byModel(_ found: FoundTargets) -> [Neighbours] {
        models.map { model in
            guard let matches = found[model.scope] else {
                preconditionFailure(
                    "The search of the view \"\(model.view.id)\" did not look where \(model.title) does."
                )
            }
            return Neighbours(model: model, matches: matches)
        }
    }
}

package import AtlasModel

/// The likeness models that a program knows, in the order in which output lists them.
///
///     LikenessTable.standard.models        // K-Means, Pairwise, K-Means on the embedding, …
///     LikenessTable.standard.defaultPair   // K-Means, Pairwise
///     LikenessTable.standard["pairwise"]   // Pairwise; nil for an id that no model has
package struct LikenessTable: Sendable {
    package let entries: [LikenessEntry]

    /// The models of this release.
    package static let standard = LikenessTable([
        .kmeans, .pairwise, .kmeansEmbedding, .embedding, .kmeansTexture, .texture, .ground,
    ])

    /// Names that are used beside ids of models in JSON and HDF5, and words of `--model`.
    private static let reserved: Set<String> = [
        "all", "both", "byType", "candidate", "decided", "decode", "equal", "error", "keys",
        "neither", "otherTrial", "rejected", "reviewers", "share", "trial", "unknown", "votes",
    ]

    /// - Precondition: there are at least two models; ids consist of lower-case letters, digits and single
    ///   hyphens, are unique and are not reserved; the view of each model supports its scope.
    package init(_ entries: [LikenessEntry]) {
        precondition(entries.count >= 2, "The default pair takes two likeness models.")
        precondition(
            Set(entries.map(\.model)).count == entries.count, "Two likeness models have one id.")
        for model in entries.map(\.model) {
            precondition(
                model.id.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil
                    && !Self.reserved.contains(model.id),
                "\"\(model.id)\" cannot be the id of a likeness model.")
            precondition(
                model.view.scopes.contains(model.scope),
                "The search of the view \"\(model.view.id)\" cannot look where \(model.title) does."
            )
        }
        self.entries = entries
    }

    package var models: [LikenessModel] { entries.map(\.model) }

    /// The first two models. Every build runs them, and shows them side by side unless the settings
    /// name others.
    package var defaultPair: [LikenessModel] { Array(models.prefix(2)) }

    /// The views that K-Means and Pairwise can both work on, in the order of the table.
    ///
    ///     LikenessTable.standard.pairedViews.map(\.id)         // ["pixels", "network", "texture"]
    ///     LikenessTable.standard.pair(on: .texture)            // K-Means and Pairwise on texture
    package var pairedViews: [LikenessView] {
        var views: [LikenessView] = []
        for view in models.map(\.view) where !views.contains(view) && pair(on: view).count == 2 {
            views.append(view)
        }
        return views
    }

    /// K-Means and Pairwise on a view; fewer for a view that is not searched in both scopes.
    package func pair(on view: LikenessView) -> [LikenessModel] {
        [LikenessScope.cluster, .collection].compactMap { scope in
            models.first { $0.view == view && $0.scope == scope }
        }
    }

    package subscript(id: String) -> LikenessModel? { models.first { $0.id == id } }

    /// The passes for some models, one for each view, in the order of the table.
    ///
    ///     LikenessTable.standard.passes(for: [.embedding, .pairwise, .kmeans]).map(\.models)
    ///     // [[K-Means, Pairwise], [Embedding]]
    ///
    /// - Parameter models: in any order; models that are not in the table are ignored.
    package func passes(for models: [LikenessModel]) -> [LikenessPass] {
        let asked = entries.filter { models.contains($0.model) }
        var views: [LikenessView] = []
        for entry in asked where !views.contains(entry.model.view) {
            views.append(entry.model.view)
        }
        return views.map { view in
            LikenessPass(view: view, entries: asked.filter { $0.model.view == view })
        }
    }
}

package import AtlasModel

extension LikenessView {
    /// The pixels of the pictures at 28 × 28: the model vectors.
    package static let pixels = LikenessView(
        id: "pixels", measure: .correlation, scopes: [.cluster, .collection],
        entry: "neighbours.h5")
}

extension LikenessModel {
    /// Compares pixels, within the candidate's cluster.
    package static let kmeans = LikenessModel(
        id: "kmeans", title: "K-Means", view: .pixels, scope: .cluster,
        words: LikenessWords(
            panel: { facts in
                facts.cluster.map { "Nearest pictures within cluster \($0)" }
                    ?? "Nearest pictures within the cluster"
            },
            choice: { facts in
                guard let cluster = facts.cluster, let clusters = facts.clusters else { return "" }
                return "The nearest in cluster \(cluster) of \(clusters)"
            },
            colophon: "K-Means"))

    /// Compares pixels, in the whole collection.
    package static let pairwise = {
        var words = LikenessWords(
            panel: { _ in "Nearest in the whole collection" },
            choice: { _ in "The nearest of all pictures" },
            colophon: "pairwise correlation")
        words.withoutFit = "nothing to fit"
        return LikenessModel(
            id: "pairwise", title: "Pairwise", view: .pixels, scope: .collection, words: words)
    }()
}

extension LikenessEntry {
    static let kmeans = LikenessEntry(.kmeans, search: correlation)
    static let pairwise = LikenessEntry(.pairwise, search: correlation)

    private static let correlation: MakeSearch = {
        try CorrelationSearch(
            $0.vectors, kmeans: $0.kmeans, rotations: $0.rotations, specimens: $0.specimens,
            folding: $0.folding, workers: $0.workers)
    }
}

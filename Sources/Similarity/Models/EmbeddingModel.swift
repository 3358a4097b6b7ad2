package import AtlasModel

extension LikenessView {
    /// The input of the last dense layer of the network in use.
    package static let network = LikenessView(
        id: "network", compared: "features of the network",
        measure: .other("for the embedding, 1 − the cosine of what the network sees in them"),
        needsNetwork: true, scopes: [.cluster, .collection], entry: "embedding.h5")
}

extension LikenessModel {
    /// Compares the features of the network, in the whole collection.
    package static let embedding = {
        var words = LikenessWords(
            panel: { facts in
                facts.network.map { "Nearest as the network \($0) sees them" }
                    ?? "Nearest as the network sees them"
            },
            choice: { _ in "The nearest of all pictures by the network\u{2019}s features" },
            colophon: "pairwise comparison (network)")
        words.basis = { facts in
            "The embedding compares what the network \(facts.network.map { $0 + " " } ?? "")hands to "
                + "its last layer. It has learned the labels of the training part, from which most "
                + "look-alikes come, but has not learned from the pictures asked about."
        }
        words.fit = "To fit the embedding is to make the features of all pictures."
        words.help = "embedding compares what a network makes of the pictures."
        return LikenessModel(
            id: "embedding", title: "Pairwise on the embedding", view: .network, scope: .collection,
            words: words)
    }()
}

extension LikenessModel {
    /// Compares the features of the network, within the candidate's cluster of K-Means on them.
    package static let kmeansEmbedding = {
        var words = LikenessWords(
            panel: { facts in
                let cluster = facts.cluster.map { " \($0)" } ?? ""
                let network = facts.network.map { " \($0)" } ?? ""
                return "Nearest within cluster\(cluster) as the network\(network) sees them"
            },
            choice: { facts in
                LikenessModel.choice(facts, by: "by the network\u{2019}s features")
            },
            colophon: "K-Means (network)")
        words.help =
            "kmeans-embedding looks for the same within the candidate's cluster of K-Means on these features."
        return LikenessModel(
            id: "kmeans-embedding", title: "K-Means on the embedding", view: .network,
            scope: .cluster, words: words)
    }()

    /// How a model of K-Means on features chooses: `The nearest in cluster 2 of 5 by …`.
    static func choice(_ facts: LikenessFacts, by measure: String) -> String {
        guard let cluster = facts.cluster, let clusters = facts.clusters else { return "" }
        return "The nearest in cluster \(cluster) of \(clusters) \(measure)"
    }
}

extension LikenessEntry {
    static let embedding = LikenessEntry(.embedding, features: networkFeatures)
    static let kmeansEmbedding = LikenessEntry(.kmeansEmbedding, features: networkFeatures)

    private static let networkFeatures: MakeFeatures = { input in
        guard let features = input.features else {
            preconditionFailure("A view that needs a network was given none.")
        }
        return try ComparedFeatures(
            of: input.vectors, rotations: input.rotations, progress: input.progress,
            extract: features)
    }
}

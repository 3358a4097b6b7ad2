package import AtlasModel

extension LikenessView {
    /// The input of the last dense layer of the network in use.
    package static let network = LikenessView(
        id: "network",
        measure: .other("for the embedding, 1 − the cosine of what the network sees in them"),
        needsNetwork: true, entry: "embedding.h5")
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
            colophon: "the network\u{2019}s features")
        words.basis = { facts in
            "The embedding compares what the network \(facts.network.map { $0 + " " } ?? "")hands to "
                + "its last layer. It has learned the labels of the training part, from which most "
                + "look-alikes come, but has not learned from the pictures asked about."
        }
        words.fit = "To fit the embedding is to make the features of all pictures."
        words.help = "embedding compares what a network makes of the pictures."
        return LikenessModel(
            id: "embedding", title: "Embedding", view: .network, scope: .collection, words: words)
    }()
}

extension LikenessEntry {
    static let embedding = LikenessEntry(.embedding) { input in
        guard let features = input.features else {
            preconditionFailure("A view that needs a network was given none.")
        }
        return try EmbeddingSearch(
            input.vectors, rotations: input.rotations, specimens: input.specimens,
            progress: input.progress, extract: features)
    }
}

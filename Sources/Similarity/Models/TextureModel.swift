package import AtlasModel

extension LikenessView {
    /// Histograms of colours and textures, which stay the same when pictures are turned.
    package static let texture = LikenessView(
        id: "texture", compared: "histograms of colours and textures",
        measure: .other(
            "for the texture, 1 − the mean cosine of histograms of colours and textures, less what all pictures "
                + "have in common"),
        needsTexture: true, scopes: [.cluster, .collection], entry: "texture.h5")
}

extension LikenessModel {
    /// Compares colours and textures, in the whole collection.
    package static let texture = {
        var words = LikenessWords(
            panel: { _ in "Nearest by colour and texture" },
            choice: { _ in "The nearest of all pictures by colour and texture" },
            colophon: "pairwise comparison (textures)")
        words.fit = "To fit the texture model is to describe all pictures."
        words.withoutFit = "unknown"
        words.help =
            "texture compares colours and textures of pictures at up to 256 pixels, however they are turned."
        return LikenessModel(
            id: "texture", title: "Pairwise on texture", view: .texture, scope: .collection,
            words: words)
    }()
}

extension LikenessModel {
    /// Compares colours and textures, within the candidate's cluster of K-Means on them.
    package static let kmeansTexture = {
        var words = LikenessWords(
            panel: { facts in
                let cluster = facts.cluster.map { " \($0)" } ?? ""
                return "Nearest within cluster\(cluster) by colour and texture"
            },
            choice: { LikenessModel.choice($0, by: "by colour and texture") },
            colophon: "K-Means (textures)")
        words.help =
            "kmeans-texture looks for the same within the candidate's cluster of K-Means on them."
        return LikenessModel(
            id: "kmeans-texture", title: "K-Means on texture", view: .texture, scope: .cluster,
            words: words)
    }()
}

extension LikenessEntry {
    static let texture = LikenessEntry(.texture, features: textureFeatures)
    static let kmeansTexture = LikenessEntry(.kmeansTexture, features: textureFeatures)

    private static let textureFeatures: MakeFeatures = { input in
        guard let textures = input.textures else {
            preconditionFailure("A view that compares textures was given none.")
        }
        let space = TextureSpace(textures)
        return ComparedFeatures(space.vectors(of: textures)) { candidates in
            guard let textures = candidates.textures else {
                preconditionFailure("A candidate came without its texture.")
            }
            return space.vectors(of: textures)
        }
    }
}

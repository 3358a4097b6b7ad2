package import AtlasModel

extension LikenessView {
    /// Histograms of colours and textures, which stay the same when pictures are turned.
    package static let texture = LikenessView(
        id: "texture",
        measure: .other(
            "for the texture, 1 − the mean cosine of histograms of colours and textures, less what all pictures "
                + "have in common"),
        needsTexture: true, entry: "texture.h5")
}

extension LikenessModel {
    /// Compares colours and textures, in the whole collection.
    package static let texture = {
        var words = LikenessWords(
            panel: { _ in "Nearest by colour and texture" },
            choice: { _ in "The nearest of all pictures by colour and texture" },
            colophon: "colour and texture")
        words.fit = "To fit the texture model is to describe all pictures."
        words.withoutFit = "unknown"
        words.help =
            "texture compares colours and textures of pictures at up to 256 pixels, however they are turned."
        return LikenessModel(
            id: "texture", title: "Texture", view: .texture, scope: .collection, words: words)
    }()
}

extension LikenessEntry {
    static let texture = LikenessEntry(.texture) { input in
        guard let textures = input.textures else {
            preconditionFailure("A view that compares textures was given none.")
        }
        let space = TextureSpace(textures)
        return EmbeddingSearch(
            features: space.vectors(of: textures), specimens: input.specimens
        ) { candidates in
            guard let textures = candidates.textures else {
                preconditionFailure("A candidate came without its texture.")
            }
            return space.vectors(of: textures)
        }
    }
}

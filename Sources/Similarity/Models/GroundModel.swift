package import AtlasModel

extension LikenessView {
    /// The pixels of the pictures, and those of the area that both show.
    package static let ground = LikenessView(
        id: "ground",
        measure: .other(
            "for the same ground, 1 − the correlation of the area that both show, divided by its share"
        ),
        entry: "ground.h5", folded: [.identical, .copy, .specimen])
}

extension LikenessModel {
    /// Compares pictures of the same ground where both show it, in the whole collection.
    package static let ground = {
        var words = LikenessWords(
            panel: { _ in "Nearest where both show the same ground" },
            choice: { _ in "The nearest of all pictures, shifted to show the same ground" },
            colophon: "common ground")
        words.basis = { _ in
            "Same ground finds the pictures that show a part of the same ground, and else the same "
                + "look-alikes as Pairwise."
        }
        words.withoutFit = "nothing to fit"
        words.help =
            "ground compares pictures of the same ground, shifted, where both show it."
        return LikenessModel(
            id: "ground", title: "Same ground", view: .ground, scope: .collection, words: words)
    }()
}

extension LikenessEntry {
    static let ground = LikenessEntry(.ground) { input in
        guard let pairing = input.ground else {
            preconditionFailure("A view that compares common ground was given no search for it.")
        }
        return try SameGroundSearch(input, pairing)
    }
}

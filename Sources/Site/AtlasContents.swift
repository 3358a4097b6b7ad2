import AtlasModel

/// What the pages of an atlas are about: the edition as it is laid out, and the texts.
struct AtlasContents: Sendable {
    let layout: Layout
    let texts: Texts
    /// The trial as far as it can be shown.
    let review: ReviewPlan?

    init(_ layout: Layout, _ texts: Texts) {
        self.layout = layout
        self.texts = texts
        review = layout.review
    }

    var edition: Edition { layout.edition }
}

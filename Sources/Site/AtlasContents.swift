import AtlasModel

/// The contents of the pages of an atlas: the edition with its layout, and the texts.
struct AtlasContents: Sendable {
    let layout: Layout
    let texts: Texts
    /// The trial, without the comparisons that can no longer be shown.
    let review: ReviewPlan?

    init(_ layout: Layout, _ texts: Texts) {
        self.layout = layout
        self.texts = texts
        review = layout.review
    }

    var edition: Edition { layout.edition }
}

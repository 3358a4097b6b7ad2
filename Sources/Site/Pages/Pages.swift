import AtlasModel
import Templates

/// Makes pages from the layout: one method a page, each in a file of its own.
struct Pages: Sendable {
    let layout: Layout
    let pictures: PictureSource
    let templates: PageTemplates
    let texts: Texts
    let frame: Frame
    let showsTimes: Bool
    /// The trial as far as it can be shown.
    let review: ReviewPlan?

    /// Paths of pages that every atlas has one of.
    static let single = [
        "index.html", "models.html", "similarity.html", "disputed.html", "errata.html",
    ]

    var edition: Edition { layout.edition }

    /// A page from its template, what it offers, and the frame.
    func page(
        _ kind: PageTemplates.Page, path: String, title: String, _ values: Value,
        scripts: [String] = []
    ) throws -> File {
        let frame = frame.values(title: title, path: path, scripts: scripts)
        return File(path: path, bytes: try templates[kind].rendered(values.joined(with: frame)))
    }

    /// A page of `content/`.
    func textPage(_ text: Texts.Page) throws -> File {
        try page(
            .text, path: text.path, title: text.title,
            [
                "title": .text(text.title), "text": .text(text.text.html),
                "signature": .text(text.text.signature),
            ])
    }
}

import AtlasModel
import Templates

/// Makes pages from the contents of an atlas. Each page has one method, in a file of its own.
struct Pages: Sendable {
    let contents: AtlasContents
    let pictures: PictureSource
    let templates: PageTemplates
    let frame: Frame
    let showsTimes: Bool

    var layout: Layout { contents.layout }
    var texts: Texts { contents.texts }
    var edition: Edition { contents.edition }
    var review: ReviewPlan? { contents.review }

    /// Makes a page from its template, its values and the frame.
    /// - Parameter scripts: paths of the data that the page loads.
    func page(
        _ kind: PageKind, path: String, title: String, _ values: Value, scripts: [String] = []
    ) throws -> File {
        try page(template: kind.name, path: path, title: title, values, scripts)
    }

    /// The same for a page that exists once.
    func page(_ page: SinglePage, _ values: Value, scripts: [String] = []) throws -> File {
        try self.page(template: page.name, path: page.path, title: page.title, values, scripts)
    }

    private func page(
        template: String, path: String, title: String, _ values: Value, _ scripts: [String]
    ) throws -> File {
        let frame = frame.values(title: title, path: path, scripts: scripts)
        return File(path: path, bytes: try templates[template].rendered(values.joined(with: frame)))
    }
}

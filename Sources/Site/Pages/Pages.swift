import AtlasModel
import Fingerprint
import Templates

/// Makes pages from the contents of an atlas. Each page has one method, in a file of its own.
struct Pages: Sendable {
    let contents: AtlasContents
    let pictures: PictureSource
    let templates: PageTemplates
    let frame: Frame
    let showsTimes: Bool
    /// A digest that changes whenever the edition does; `nil` if none is known.
    let source: Fingerprint?

    /// What the pages of a kind are made from, together: the edition, all templates and the frame.
    /// Not for kinds that show texts or data files. `nil` if it is not known.
    func source(of kind: PageKind) -> Fingerprint? {
        source.map {
            Fingerprint(
                ofParts: [kind.name, $0.hex, templates.digest.hex, frame.digest.hex])
        }
    }

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

import AtlasModel
import Templates

/// Makes pages from the contents of an atlas. Each page has one method, in a file of its own.
///
/// A class, like `Layout`, because the values of a page refer to it thousands of times.
final class Pages: Sendable {
    let contents: AtlasContents
    let pictures: PictureSource
    let templates: PageTemplates
    let frame: Frame
    let showsTimes: Bool

    init(
        contents: AtlasContents, pictures: PictureSource, templates: PageTemplates, frame: Frame,
        showsTimes: Bool
    ) {
        self.contents = contents
        self.pictures = pictures
        self.templates = templates
        self.frame = frame
        self.showsTimes = showsTimes
    }

    var layout: Layout { contents.layout }
    var texts: Texts { contents.texts }
    var edition: Edition { contents.edition }
    var review: ReviewPlan? { contents.review }

    var textPages: TextPages {
        TextPages(templates: templates, frame: frame, absent: AbsentPages(contents))
    }

    /// Makes a page from its template, its values and the frame.
    /// - Parameter scripts: paths of the data that the page loads.
    func page(
        _ kind: PageKind, path: String, title: String, _ values: Value, scripts: [String] = []
    ) throws -> File {
        let frame = frame.values(
            title: title, path: path, scripts: scripts, tellsCount: !kind.hasMany)
        return try file(path, template: kind.name, values, frame)
    }

    /// The same for a page that exists once.
    func page(_ page: SinglePage, _ values: Value, scripts: [String] = []) throws -> File {
        let frame = frame.values(title: page.title, path: page.path, scripts: scripts)
        return try file(page.path, template: page.name, values, frame)
    }

    private func file(
        _ path: String, template: String, _ values: Value, _ frame: Value
    ) throws -> File {
        File(path: path, bytes: try templates[template].rendered(frame, values))
    }
}

import Parallel
import Templates

extension PageKind {
    /// The pages of `content/`, such as `about.html`, with the files that they link to.
    static let text = PageKind(
        name: "text", paths: { $0.texts.pages.map(\.path) },
        links: { $0.texts.navigation.map { Link(title: $0.title, path: $0.path) } },
        rows: { contents in
            contents.texts.pages.map { page in
                let about = "What this atlas is, and how to read it."
                return ContentsRow(
                    title: page.title, path: page.path,
                    sentence: page.name == "about" ? about : page.text.signature)
            }
        },
        making: .together { pages, workers in
            let (texts, maker) = (pages.texts, pages.textPages)
            return RenderedPages(
                files: texts.attachments
                    + (try workers.map(texts.pages.count) { try maker.page(texts.pages[$0]) }))
        })
}

/// Makes the pages of texts. They show nothing of an edition but the frame.
struct TextPages: Sendable {
    let templates: PageTemplates
    let frame: Frame
    let absent: AbsentPages

    /// The HTML of a text on the page at `path`, without links to pages that this edition lacks.
    func html(of text: TextFile, on path: String) -> String {
        absent.unlinked(text.html, root: path.contains("/") ? "../" : "")
    }

    /// A page of `content/`.
    func page(_ text: Texts.Page) throws -> File {
        let values: Value = [
            "title": .text(text.title), "text": .text(html(of: text.text, on: text.path)),
            "signature": .text(text.text.signature),
        ]
        let all = values.joined(with: frame.values(title: text.title, path: text.path))
        return File(path: text.path, bytes: try templates[PageKind.text.name].rendered(all))
    }
}

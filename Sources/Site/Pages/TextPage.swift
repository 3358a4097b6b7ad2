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
            let texts = pages.texts
            return texts.attachments
                + (try workers.map(texts.pages.count) { try pages.textPage(texts.pages[$0]) })
        })
}

extension Pages {
    /// The HTML of a text on the page at `path`, without links to pages that this edition lacks.
    func html(of text: TextFile, on path: String) -> String {
        AbsentPages(contents).unlinked(text.html, root: path.contains("/") ? "../" : "")
    }

    /// A page of `content/`.
    func textPage(_ text: Texts.Page) throws -> File {
        try page(
            .text, path: text.path, title: text.title,
            [
                "title": .text(text.title), "text": .text(html(of: text.text, on: text.path)),
                "signature": .text(text.text.signature),
            ])
    }
}

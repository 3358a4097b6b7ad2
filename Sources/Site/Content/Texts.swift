import AtlasModel

/// The Markdown files of an atlas: its text pages and the texts of its rock types.
struct Texts: Sendable {
    /// A text page, such as `about.html`.
    struct Page: Sendable {
        /// File name without extension.
        let name: String
        let title: String
        let text: TextFile
        /// Whether it is in the navigation: as its front matter says; without a word there, only
        /// `about` is.
        var isInNavigation: Bool { text.isInNavigation ?? (name == "about") }

        var path: String { name + ".html" }
    }

    /// Sorted by name: `about` and every other file that begins with front matter.
    let pages: [Page]
    /// Files that do not become a page because they begin without front matter.
    let skipped: [String]
    /// Files of the content folder that texts link to.
    let attachments: [File]
    /// What became of the data in pictures among them.
    let data: [CopiedData]
    /// By label.
    let rocks: [String: TextFile]

    /// Reads `*.md` and `rocks/*.md`. Other files of the folder are settings and labels.
    /// - Parameter copies: how pictures that texts link to are copied.
    /// - Throws: `SiteError` for a file that cannot be read or has the name of another page.
    init(folder: Folder, copies: PictureCopies = PictureCopies()) throws {
        var pages: [Page] = []
        var skipped: [String] = []
        var rocks: [String: TextFile] = [:]
        var attachments = Attachments(folder: folder, copies: copies)
        func text(_ file: String, root: String) throws -> TextFile {
            try TextFile(try folder.text(of: file), file: folder.place(of: file)) {
                try attachments.linked($0, of: file, root: root)
            }
        }
        for file in folder.names where file.hasSuffix(".md") {
            let stem = String(file.dropLast(3))
            if stem.hasPrefix("rocks/") {
                rocks[stem.dropFirst(6).lowercased()] = try text(file, root: "../")
            } else if !stem.contains("/") {
                let text = try text(file, root: "")
                guard text.hasFrontMatter || stem == "about" else {
                    skipped.append(text.file)
                    continue
                }
                let page = try Self.page(stem, text, folder.place(of: file))
                guard !pages.contains(where: { $0.name == page.name }) else {
                    throw SiteError.pageTaken(file: folder.place(of: file), page: page.path)
                }
                pages.append(page)
            }
        }
        self.pages = pages
        self.attachments = attachments.files
        data = attachments.data
        self.skipped = skipped
        self.rocks = rocks
    }

    /// Pages in the navigation: by weight, those without a weight last, then by name.
    var navigation: [Page] {
        pages.filter(\.isInNavigation).sorted {
            ($0.text.weight ?? .max, $0.name) < ($1.text.weight ?? .max, $1.name)
        }
    }

    /// Paths of the texts of types that are not in `labels`, sorted.
    func rocks(outside labels: [String]) -> [String] {
        rocks.filter { !labels.contains($0.key) }.map(\.value.file).sorted()
    }

    func rock(_ label: String) -> TextFile? { rocks[label] }

    private static func page(_ stem: String, _ text: TextFile, _ file: String) throws -> Page {
        let name = AtlasPaths.cleaned(stem)
        let own = PageKind.all.map(\.name)
        guard !own.contains(name), !AtlasPaths.isDevice(name), !name.isEmpty else {
            throw SiteError.pageTaken(file: file, page: name + ".html")
        }
        return Page(name: name, title: text.title ?? stem.capitalizedFirst, text: text)
    }
}

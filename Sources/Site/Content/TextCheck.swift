import AtlasModel
import Links

/// Looks for what is wrong with the texts of an atlas and stops nothing: files that become no page,
/// and what `LinkCheck` would object to in the pages they make.
struct TextCheck {
    private let pages: Pages
    private let tree: FileTree

    /// - Parameter assets: paths of styles, scripts and the like. Data of scripts is no aim of links.
    init(_ pages: Pages, assets: [String]) {
        self.pages = pages
        tree = FileTree(
            PageKind.all.flatMap { $0.paths(pages.contents) } + pages.layout.pictureFiles + assets)
    }

    /// One sentence a finding, naming the file; in the order of the files.
    /// - Throws: `SiteError` for a tag that a page has nothing for.
    func notes() throws -> [String] {
        var notes: [String] = pages.texts.skipped.map {
            "\($0) begins without front matter, so it becomes no page. "
                + "Begin it with the lines \"---\", \"title: …\", \"---\", or move it elsewhere."
        }
        for text in pages.texts.pages {
            notes += try problems(of: text.text, on: try pages.textPage(text))
        }
        for plate in pages.layout.plates {
            guard let type = plate.type,
                let text = pages.texts.rock(pages.edition.rockTypes[type].label)
            else { continue }
            notes += try problems(of: text, on: try pages.rockPage(plate, number: 0, data: ""))
        }
        return notes
    }

    /// - Parameter page: which the text is on; places in it may be linked to.
    private func problems(of text: TextFile, on page: File) throws -> [String] {
        let places = LinkScanner(html: page.bytes).places
        var reasons: [String] = []
        func add(_ reason: String, _ link: LinkScanner.Link) {
            let place = text.line(of: link.address).map { ", line \($0)" } ?? ""
            reasons.append("\(text.file)\(place): \(reason)")
        }
        for link in LinkScanner(html: Array(text.html.utf8)).links {
            switch tree.follow(link, from: page.path) {
            case .broken(let reason): add(reason, link)
            case .file(page.path, let place?) where !places.contains(place):
                add(LinkCheck.lost(link.address), link)
            // Places in other pages are left to the check of the whole atlas.
            case .file, .outside: continue
            }
        }
        var seen: Set<String> = []
        return reasons.filter { seen.insert($0).inserted }
    }
}

extension Layout {
    /// Originals, thumbnails and sprites.
    fileprivate var pictureFiles: [String] {
        edition.images.indices.flatMap { [original(of: $0), preview(of: $0)] }
            + sprites.map(\.path)
    }
}

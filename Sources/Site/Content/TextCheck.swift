import AtlasModel
import Links
import Messages

/// Finds problems in the texts of an atlas: files that do not become a page, and faults in their
/// pages that `LinkCheck` would report. A problem does not stop the build.
struct TextCheck {
    private let maker: TextPages
    private let tree: FileTree

    /// - Parameter files: paths of all files that a link may lead to. Data of scripts cannot be a
    ///   link's target.
    init(_ maker: TextPages, files: [String]) {
        self.maker = maker
        tree = FileTree(files)
    }

    /// - Parameter assets: paths of styles, scripts and similar files.
    init(_ pages: Pages, assets: [String]) {
        self.init(
            pages.textPages,
            files: PageKind.all.flatMap { $0.paths(pages.contents) } + pages.layout.pictureFiles
                + assets)
    }

    /// One sentence for each problem of text pages, in the order of the files.
    /// - Throws: `SiteError` for a tag that a page offers no value for.
    func notes(on texts: [Texts.Page]) throws -> [String] {
        try texts.flatMap { try problems(of: $0.text, on: try maker.page($0)) }
    }

    /// One sentence for each problem, with the name of the file, in the order of the files.
    /// - Throws: `SiteError` for a tag that a page offers no value for.
    func notes(_ pages: Pages) throws -> [String] {
        var notes: [String] = pages.texts.skipped.map {
            "\($0) begins without front matter, so it becomes no page. "
                + "Begin it with the lines \"---\", \"title: …\", \"---\", or move it elsewhere."
        }
        let types = pages.edition.rockTypes.map(\.label)
        // The texts that come with the program are about the reference types, which an atlas of other
        // types does not have.
        for file in pages.texts.rocks(outside: types + RockType.reference.map(\.label)) {
            let name = file.split(separator: "/").last.map { String($0.dropLast(3)) } ?? file
            notes.append(
                "\(file) is not shown: the atlas has no rock type \"\(name)\". "
                    + (nearestWord(to: name.lowercased(), in: types).map {
                        "Did you mean \"\($0)\"?"
                    }
                        ?? "Name the file like a type, or remove it."))
        }
        notes += try self.notes(on: pages.texts.pages)
        for plate in pages.layout.plates {
            guard let type = plate.type,
                let text = pages.texts.rock(pages.edition.rockTypes[type].label)
            else { continue }
            notes += try problems(of: text, on: try pages.rockPage(plate, number: 0))
        }
        return notes
    }

    /// - Parameter page: the page with the text, whose fragments may be links' targets.
    private func problems(of text: TextFile, on page: File) throws -> [String] {
        let places = LinkScanner(html: page.bytes).places
        var reasons: [String] = []
        func add(_ reason: String, _ link: LinkScanner.Link) {
            let place = text.line(of: link.address).map { ", line \($0)" } ?? ""
            reasons.append("\(text.file)\(place): \(reason)")
        }
        for link in LinkScanner(html: Array(maker.html(of: text, on: page.path).utf8)).links {
            switch tree.follow(link, from: page.path) {
            case .broken(let reason): add(reason, link)
            case .file(page.path, let place?) where !places.contains(place):
                add(LinkCheck.lost(link.address), link)
            // Fragments of other pages are checked with the whole atlas.
            case .file, .outside: continue
            }
        }
        var seen: Set<String> = []
        return reasons.filter { seen.insert($0).inserted }
    }
}

extension Layout {
    /// Paths of originals, thumbnails and sprites.
    fileprivate var pictureFiles: [String] {
        edition.images.indices.flatMap { [original(of: $0), preview(of: $0)] }
            + sprites.map(\.path)
    }
}

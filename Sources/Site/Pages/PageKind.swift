import AtlasModel
import Fingerprint
import Parallel

/// A kind of page, with everything that the rest of the module needs to know about it.
///
/// To add a kind, add a file with its description, a template of its name, and a line in `all`.
struct PageKind: Sendable {
    /// Name of its template, without `.html`. No text may have this name.
    let name: String
    /// Paths of its pages in the atlas; empty when this edition has no such page.
    let paths: @Sendable (AtlasContents) -> [String]
    /// Its links in the navigation of every page.
    let links: @Sendable (AtlasContents) -> [Link]
    /// Its rows in the list at the end of the front page.
    let rows: @Sendable (AtlasContents) -> [ContentsRow]
    /// How its pages are made.
    let making: Making

    /// How the pages of a kind are made.
    enum Making: Sendable {
        /// All together, with the data files that they load.
        case together(@Sendable (Pages, Workers) throws -> RenderedPages)
        /// One at a time, for a kind of which there are many pages.
        /// - samples: indices of pages that differ in which parts of the template they have.
        /// - sources: for each page of a share a digest of everything that it is made from.
        case each(
            @Sendable (Pages, _ index: Int) throws -> File,
            samples: @Sendable (AtlasContents) -> [Int],
            sources: @Sendable (Pages, Share, Workers) throws -> [Fingerprint])
    }

    /// Whether there are many pages, one for each picture or scene. Such a page shows nothing that
    /// changes with every picture that comes or goes, so that few of them are written and published
    /// again.
    var hasMany: Bool {
        if case .each = making { true } else { false }
    }

    /// In the order of the navigation and of the list on the front page.
    static let all = single.map(PageKind.init) + [.text, .rock, .scene, .image]

    /// Kinds that have one page in an atlas.
    static let single: [SinglePage] = [
        .index, .map, .review, .results, .models, .similarity, .scenes, .disputed, .duplicates,
        .errata, .changes, .lists, .table,
    ]

    /// A page that every page links to.
    struct Link: Codable, Sendable, Equatable {
        let title: String
        let path: String
    }

    /// A page in the list of the front page.
    struct ContentsRow: Sendable {
        let title: String
        let path: String
        let sentence: String
        /// The running trial, for the script that shows the votes of this browser; empty for other
        /// pages.
        var trial = ""
    }
}

/// A page that exists once in an atlas, at its root: `models.html`.
struct SinglePage: Sendable {
    /// Name of the page and of its template, without `.html`. No label may have this name.
    let name: String
    let title: String
    /// Whether an edition has the page.
    var exists: @Sendable (AtlasContents) -> Bool = { _ in true }
    /// Its text in the navigation; `nil` when it is not there.
    var navigation: @Sendable (AtlasContents) -> String? = { _ in nil }
    /// Its sentence in the list on the front page; `nil` when it is not in the list.
    var sentence: (@Sendable (AtlasContents) -> String)?
    /// The trial that the page is about; empty for all pages except the review page.
    var trial: @Sendable (AtlasContents) -> String = { _ in "" }
    /// Makes the page and the data files that it loads.
    let make: @Sendable (Pages) throws -> [File]
    /// Data files that are made only if what they are made from has changed.
    var streams: @Sendable (Pages, Workers) throws -> [FileStream] = { _, _ in [] }

    var path: String { name + ".html" }
}

extension PageKind {
    init(_ page: SinglePage) {
        name = page.name
        paths = { page.exists($0) ? [page.path] : [] }
        links = { contents in
            guard page.exists(contents), let title = page.navigation(contents) else { return [] }
            return [Link(title: title, path: page.path)]
        }
        rows = { contents in
            guard page.exists(contents), let sentence = page.sentence?(contents) else { return [] }
            return [
                ContentsRow(
                    title: page.title, path: page.path, sentence: sentence,
                    trial: page.trial(contents))
            ]
        }
        making = .together { pages, workers in
            guard page.exists(pages.contents) else { return RenderedPages() }
            return RenderedPages(
                files: try page.make(pages), streams: try page.streams(pages, workers))
        }
    }
}

import AtlasModel

/// A kind of page, with all that the rest of the site has to know of it.
///
/// A new one is a file with its description, a template of its name, and a line in `all`.
struct PageKind: Sendable {
    /// Of its template, without `.html`. No text may have it.
    let name: String
    /// Of its pages in the atlas; none when this edition has no such page.
    let paths: @Sendable (AtlasContents) -> [String]
    /// Its links in the navigation of every page.
    let links: @Sendable (AtlasContents) -> [Link]
    /// Its rows in the list at the foot of the front page.
    let rows: @Sendable (AtlasContents) -> [ContentsRow]
    /// Makes its pages and the data files that they load.
    let make: @Sendable (Pages, PageWork) throws -> [File]

    /// In the order of the navigation and of the front page's list.
    static let all = single.map(PageKind.init) + [.text, .rock, .image]

    /// Pages that an atlas has one of.
    static let single: [SinglePage] = [
        .index, .review, .models, .similarity, .disputed, .errata,
    ]

    /// Names that pages of later versions will have, kept free for them.
    static let planned = ["map", "results"]

    /// A page that is reached from every other.
    struct Link: Sendable {
        let title: String
        let path: String
    }

    /// A page as the front page lists it.
    struct ContentsRow: Sendable {
        let title: String
        let path: String
        let sentence: String
        /// The running trial, for a script that shows the votes of this browser; empty elsewhere.
        var trial = ""
    }
}

/// A page that an atlas has one of, at its root: `models.html`.
struct SinglePage: Sendable {
    /// Of the page and of its template, without `.html`. No label may have it.
    let name: String
    let title: String
    /// Whether an edition has it.
    var exists: @Sendable (AtlasContents) -> Bool = { _ in true }
    /// What the navigation calls it; `nil` when it does not lead there.
    var navigation: @Sendable (AtlasContents) -> String? = { _ in nil }
    /// What the front page says of it; `nil` when it does not list the page.
    var sentence: (@Sendable (AtlasContents) -> String)?
    /// The trial that the page is about; empty for all pages but the review.
    var trial: @Sendable (AtlasContents) -> String = { _ in "" }
    /// The page and the data files that it loads.
    let make: @Sendable (Pages) throws -> [File]

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
        make = { pages, work in
            guard page.exists(pages.contents) else { return [] }
            defer { work.advance() }
            return try page.make(pages)
        }
    }
}

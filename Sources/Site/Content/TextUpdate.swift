import AtlasModel
import Fingerprint

/// What the pages of texts show of an edition, and what other pages show of the texts. A later build
/// that finds only texts changed makes their pages from it, without the edition.
package struct TextBasis: Codable, Sendable, Equatable {
    let frame: FrameFacts
    /// Paths of pages that texts may link to and that the edition lacks, sorted.
    let absent: [String]
    /// Digest of what other pages and messages tell of the texts.
    let outline: String

    init(_ sources: SiteSources, _ frame: FrameFacts, _ absent: AbsentPages) {
        self.frame = frame
        self.absent = absent.paths.sorted()
        outline = sources.texts.outline.hex
    }
}

/// The pages of texts of an edition of which nothing else has changed.
package struct TextUpdate: Sendable {
    private let pages: [Texts.Page]
    private let maker: TextPages

    /// `nil` if other pages show something of the texts that has changed: a title, a place in the
    /// navigation, the text of a rock type, a picture.
    /// - Parameters:
    ///   - sources: with the templates of the edition.
    ///   - basis: of the edition.
    package init?(_ sources: SiteSources, basis: TextBasis) {
        guard sources.texts.outline.hex == basis.outline else { return nil }
        pages = sources.texts.pages
        maker = TextPages(
            templates: sources.templates, frame: Frame(basis.frame),
            absent: AbsentPages(Set(basis.absent)))
    }

    /// Paths of the pages.
    package var paths: [String] { pages.map(\.path) }

    /// Problems of the pages that do not stop the build, one sentence each.
    /// - Parameter files: paths of all files of the atlas.
    /// - Throws: `SiteError` for a tag that a page offers no value for.
    package func notes(files: [String]) throws -> [String] {
        let check = TextCheck(maker, files: files.filter { !$0.hasPrefix(Script.folder) })
        return try check.notes(on: pages)
    }

    /// Makes all pages and writes them.
    /// - Throws: any error of `sink`.
    package func write(to sink: Sink) throws {
        for page in try pages.map(maker.page) { try sink.write(page.path, page.bytes) }
    }
}

extension Texts {
    /// Digest of what other pages and messages tell of the texts: everything except the words of text
    /// pages.
    var outline: Fingerprint {
        var source = SourceDigest()
        source.add(pages.count)
        for page in pages {
            for text in [page.name, page.title, page.text.signature] { source.add(text) }
            source.add(page.isInNavigation ? 1 : 0)
            source.add(page.text.weight ?? .max)
        }
        source.add(attachments.count)
        for file in attachments {
            source.add(file.path)
            source.add(Fingerprint(of: file.bytes))
        }
        source.add(skipped.count)
        for file in skipped { source.add(file) }
        for (label, text) in rocks.sorted(by: { $0.key < $1.key }) {
            source.add(label)
            source.add(Fingerprint(of: text.source))
        }
        return source.digest
    }
}

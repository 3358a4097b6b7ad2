import AtlasModel
import Fingerprint
import Templates

/// The parts that every page has: head, masthead, navigation, colophon.
struct Frame: Sendable {
    private let site: String
    private let assets: Value
    private let links: [PageKind.Link]
    private let colophon: [(name: String, value: Value)]
    /// `26,398 pictures`
    private let count: Value
    /// Changes with every value that pages get from the frame, except the number of pictures.
    let digest: Fingerprint

    init(_ contents: AtlasContents, assets: Assets) {
        let edition = contents.edition
        site = edition.title
        self.assets = assets.values
        links = PageKind.all.flatMap { $0.links(contents) }
        let facts = [
            ("collection", edition.collection),
            ("network", edition.classifier?.name ?? ""),
            ("likeness", Figures.list(edition.panels.map(\.words.colophon))),
        ]
        colophon = facts.map { (name: $0.0, value: .text($0.1)) }
        count = .text(Figures.pictures(edition.images.count))
        digest = Fingerprint(
            ofParts: [site] + assets.files.map(\.path) + links.flatMap { [$0.title, $0.path] }
                + facts.map(\.1))
    }

    /// The values of the frame for a page.
    /// - Parameters:
    ///   - path: of the page in the atlas.
    ///   - scripts: paths of the data that the page needs.
    ///   - tellsCount: whether the page shows the number of pictures; else that value is empty.
    func values(
        title: String, path: String, scripts: [String] = [], tellsCount: Bool = true
    ) -> Value {
        let root = String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") })
        return [
            "pageTitle": .text(title), "root": .text(root), "site": .text(site),
            "assets": assets,
            "scripts": .list(scripts.map { .text($0) }),
            "navigation": .list(
                links.map {
                    [
                        "title": .text($0.title), "path": .text($0.path),
                        "current": .flag($0.path == path),
                    ]
                }),
            "colophon": .group(
                [(name: "pictures", value: tellsCount ? count : .text(""))] + colophon),
        ]
    }
}

/// A file of the atlas before it is written.
struct File: Sendable {
    let path: String
    let bytes: [UInt8]
}

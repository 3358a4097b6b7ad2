import AtlasModel
import Fingerprint
import Templates

/// The parts that every page has: head, masthead, navigation, colophon.
struct Frame: Sendable {
    private let site: String
    private let assets: Value
    private let links: [PageKind.Link]
    private let colophon: Value
    /// Changes with every value that pages get from the frame.
    let digest: Fingerprint

    init(_ contents: AtlasContents, assets: Assets) {
        let edition = contents.edition
        site = edition.title
        self.assets = assets.values
        links = PageKind.all.flatMap { $0.links(contents) }
        let facts = [
            ("pictures", Figures.pictures(edition.images.count)),
            ("collection", edition.collection),
            ("network", edition.classifier.name),
            ("likeness", Figures.list(edition.panels.map(\.words.colophon))),
        ]
        colophon = .group(facts.map { (name: $0.0, value: .text($0.1)) })
        digest = Fingerprint(
            ofParts: [site] + assets.files.map(\.path) + links.flatMap { [$0.title, $0.path] }
                + facts.map(\.1))
    }

    /// The values of the frame for a page.
    /// - Parameters:
    ///   - path: of the page in the atlas.
    ///   - scripts: paths of the data that the page needs.
    func values(title: String, path: String, scripts: [String] = []) -> Value {
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
            "colophon": colophon,
        ]
    }
}

/// A file of the atlas before it is written.
struct File: Sendable {
    let path: String
    let bytes: [UInt8]
}

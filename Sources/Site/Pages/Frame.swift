import AtlasModel
import Fingerprint
import Templates

/// The parts that every page has: head, masthead, navigation, colophon.
struct Frame: Sendable {
    private let facts: FrameFacts
    private let assets: Value
    private let colophon: [(name: String, value: Value)]
    /// Changes with every value that pages get from the frame, except the number of pictures.
    let digest: Fingerprint

    init(_ facts: FrameFacts) {
        self.facts = facts
        assets = Assets.values(facts.assets)
        colophon = facts.colophon.map { (name: $0.name, value: .text($0.text)) }
        digest = Fingerprint(
            ofParts: [facts.site] + facts.assets.map(\.path)
                + facts.links.flatMap { [$0.title, $0.path] } + facts.colophon.map(\.text))
    }

    /// The values of the frame for a page.
    /// - Parameters:
    ///   - path: of the page in the atlas.
    ///   - scripts: paths of the data that the page needs.
    ///   - tellsCount: whether the page shows the number of pictures; else that value is empty.
    func values(
        title: String, path: String, scripts: [String] = [], tellsCount: Bool = true
    ) -> Value {
        let root = AtlasPaths.wayUp(from: path)
        return [
            "pageTitle": .text(title), "root": .text(root), "site": .text(facts.site),
            "assets": assets,
            "scripts": .list(scripts.map { .text($0) }),
            "navigation": .list(
                facts.links.map {
                    [
                        "title": .text($0.title), "path": .text($0.path),
                        "current": .flag($0.path == path),
                    ]
                }),
            "colophon": .group(
                [(name: "pictures", value: .text(tellsCount ? facts.pictures : ""))] + colophon),
        ]
    }
}

/// What the frame tells of an edition.
struct FrameFacts: Codable, Sendable, Equatable {
    let site: String
    let assets: [NamedPath]
    /// The navigation.
    let links: [PageKind.Link]
    let colophon: [NamedText]
    /// `26,398 pictures`
    let pictures: String

    /// A file of the theme and its path in the atlas.
    struct NamedPath: Codable, Sendable, Equatable {
        let name: String
        let path: String
    }

    /// A value of the colophon.
    struct NamedText: Codable, Sendable, Equatable {
        let name: String
        let text: String
    }

    init(_ contents: AtlasContents, assets: Assets) {
        let edition = contents.edition
        site = edition.title
        self.assets = assets.named
        links = PageKind.all.flatMap { $0.links(contents) }
        colophon = [
            NamedText(name: "collection", text: edition.collection),
            NamedText(name: "network", text: edition.classifier?.name ?? ""),
            NamedText(
                name: "likeness", text: Figures.list(edition.panels.map(\.words.colophon))),
        ]
        pictures = Figures.pictures(edition.images.count)
    }
}

/// A file of the atlas before it is written.
struct File: Sendable {
    let path: String
    let bytes: [UInt8]
}

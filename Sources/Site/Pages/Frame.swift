import AtlasModel
import Templates

/// What stands on every page: head, masthead, navigation, colophon.
struct Frame: Sendable {
    private let site: String
    private let assets: Value
    private let links: [Link]
    private let colophon: Value

    /// A page that is reached from every other.
    struct Link: Sendable {
        let title: String
        let path: String
    }

    init(_ layout: Layout, texts: Texts, assets: Assets) {
        let edition = layout.edition
        site = edition.title
        self.assets = assets.values
        links = Self.links(edition, texts)
        let likeness = edition.panels.map { model in
            switch model {
            case .kmeans: model.title
            case .pairwise: "pairwise correlation"
            case .embedding: "the network\u{2019}s features"
            }
        }
        colophon = [
            "pictures": .text(Figures.pictures(edition.images.count)),
            "collection": .text(edition.collection),
            "network": .text(edition.classifier.name),
            "likeness": .text(Figures.list(likeness)),
        ]
    }

    private static func links(_ edition: Edition, _ texts: Texts) -> [Link] {
        var links = [Link(title: "Plates", path: "index.html")]
        if edition.review != nil { links.append(Link(title: "Review", path: "review.html")) }
        links.append(Link(title: "Models", path: "models.html"))
        if !edition.evidence.disputed.isEmpty || !edition.corrections.isEmpty {
            links.append(Link(title: "Disputed", path: "disputed.html"))
        }
        links.append(Link(title: "Errata", path: "errata.html"))
        links += texts.navigation.map { Link(title: $0.title, path: $0.path) }
        return links
    }

    /// Values for a page.
    /// - Parameters:
    ///   - path: of the page in the atlas.
    ///   - scripts: data it needs, by path.
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

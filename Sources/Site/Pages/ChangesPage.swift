import AtlasModel
import Foundation
import Templates

extension SinglePage {
    static let changes = SinglePage(
        name: "changes", title: "Changes", exists: { !$0.edition.history.isEmpty },
        sentence: { _ in "What each of the last editions added, removed and changed." },
        make: { try $0.changesPages() })
}

extension Pages {
    /// `changes.html` and `changes.json`: what the last editions changed, newest first.
    func changesPages() throws -> [File] {
        // Only pictures of this edition have a page.
        let places = Dictionary(
            uniqueKeysWithValues: zip(edition.images.map(\.key), layout.paths.places.map(\.page)))
        let page = try page(
            .changes,
            ["editions": .list(edition.history.map { editionValue($0, places) })])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let json = [UInt8](try encoder.encode(["editions": edition.history])) + Array("\n".utf8)
        return [File(path: "changes.json", bytes: json), page]
    }

    private func editionValue(_ change: EditionChange, _ places: [String: String]) -> Value {
        func keys(_ listed: EditionChange.Listed<String>, _ title: String) -> [Value] {
            group(
                title, count: listed.count,
                items: listed.first.prefix(Self.shownChanges).map {
                    ["key": .text($0), "href": .text(places[$0] ?? ""), "what": .text("")]
                })
        }
        func moves(_ listed: EditionChange.Listed<EditionChange.Moved>, _ title: String) -> [Value]
        {
            group(
                title, count: listed.count,
                items: listed.first.prefix(Self.shownChanges).map {
                    [
                        "key": .text($0.key), "href": .text(places[$0.key] ?? ""),
                        "what": .text("\(name($0.from)) → \(name($0.to))"),
                    ]
                })
        }
        return [
            "number": .text("\(change.number)"), "date": .text(change.date),
            "pictures": .text(Figures.pictures(change.pictures)),
            "isFirst": .flag(!change.isChange),
            "groups": .list(
                keys(change.added, "added") + keys(change.removed, "removed")
                    + keys(change.replaced, "with another file")
                    + moves(change.relabelled, "with another label")
                    + moves(change.predicted, "predicted as another type")),
        ]
    }

    /// Number of pictures that a list on the page shows; the JSON file has more.
    private static let shownChanges = 200

    private func group(_ title: String, count: Int, items: [Value]) -> [Value] {
        guard count > 0 else { return [] }
        let more = count - items.count
        return [
            [
                "title": .text("\(Figures.pictures(count)) \(title)"), "items": .list(items),
                "more": .text(more > 0 ? "and \(Figures.count(more)) more" : ""),
            ]
        ]
    }

    private func name(_ label: String) -> String { label.isEmpty ? "no label" : label }
}

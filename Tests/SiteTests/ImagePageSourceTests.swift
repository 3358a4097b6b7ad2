import AtlasModel
import Fingerprint
import Foundation
import Parallel
import Similarity
import Testing

@testable import Site

/// The source of the page of a picture covers everything that the page shows.
@Suite struct ImagePageSourceTests {
    /// A change of an edition that at least one page of a picture shows.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (Edition) -> Edition

        init(_ description: String, _ make: @escaping @Sendable (Edition) -> Edition) {
            testDescription = description
            self.make = make
        }

        /// A change of the picture `gneiss/P1`, which is a target of others.
        static func picture(
            _ what: String, _ change: @escaping @Sendable (ImageRecord) -> ImageRecord
        ) -> Change {
            Change(what) { edition in
                edition.with(images: edition.images.map { $0.key == "gneiss/P1" ? change($0) : $0 })
            }
        }
    }

    static let changes = [
        Change("title of the atlas") { $0.with(title: "Other") },
        Change("collection") { $0.with(collection: "other") },
        Change("name of a type") { edition in
            edition.with(rockTypes: [
                edition.rockTypes[0], .init(label: "gneisses"), edition.rockTypes[2],
            ])
        },
        Change("order of plates") { $0.with(plates: [0, 1, 2]) },
        Change("models shown") { $0.with(panels: [.pairwise, .kmeans]) },
        Change("rotations") { $0.with(rotations: false) },
        Change("a label") { edition in
            edition.with(
                images: edition.images.map { $0.key == "gneiss/P1" ? $0.with(label: 2) : $0 })
        },
        Change("a picture less") { edition in
            let images = edition.images.indices.dropLast().map { edition.images[$0] }
            return edition.with(images: images)
        },
        .picture("name of a file") { $0.with(path: "in/gneiss/other.jpg") },
        .picture("width") { $0.with(width: 404) },
        .picture("height") { $0.with(height: 28) },
        .picture("size of a file") { $0.with(byteCount: 77) },
        .picture("format") { $0.with(format: .png) },
        .picture("split") { $0.with(split: .train) },
        Change("a prediction") { edition in
            edition.with(
                predictions: edition.predictions.replacing(2, .init(probabilities: [0, 1, 0])))
        },
        Change("a probability") { edition in
            edition.with(
                predictions: edition.predictions.replacing(
                    2, .init(probabilities: [0.02, 0.02, 0.96])))
        },
        Change("a cluster") { edition in
            edition.with(assignments: edition.clustering.assignments.replacing(3, 0))
        },
        Change("a target") { $0.with(match: Match(target: 5, distance: 0.1, rotation: 0)) },
        Change("a distance") { $0.with(match: Match(target: 1, distance: 0.2, rotation: 0)) },
        Change("a rotation") { $0.with(match: Match(target: 1, distance: 0.1, rotation: 180)) },
        Change("folds") { _ in TinyEdition.edition(folds: 5) },
        Change("a sealed trial") { _ in TinyEdition.edition(isSealed: true) },
        Change("a scene") { _ in TinyEdition.edition(scenes: TinyEdition.scenes) },
        Change("folded groups") { $0.withFoldedGroups },
        Change("how pictures of the same ground lie") { edition in
            edition.with(
                groups: PictureGroups(
                    pairs: [PicturePair(a: 1, b: 2, kind: .ground, right: 2, correlation: 0.99)],
                    first: Array(0..<9)))
        },
        Change("metadata") { _ in TinyEdition.edition(metadata: TinyEdition.metadata) },
    ]

    /// Pages and sources by key.
    private func made(
        _ edition: Edition, theme: String = TinyEdition.root.appending(path: "templates").path
    ) throws -> [String: (page: [UInt8], source: Fingerprint)] {
        let pages = try Site(
            edition: edition,
            sources: SiteSources(
                theme: Theme(theme), content: TinyEdition.root.appending(path: "content").path),
            pictures: TinyEdition.grey,
            showsTimes: true
        ).pages
        let sources = try pages.imagePageSources(Workers(2))
        return Dictionary(
            uniqueKeysWithValues: try edition.images.indices.map {
                (edition.images[$0].key, (try pages.imagePage($0).bytes, sources[$0]))
            })
    }

    @Test(arguments: changes) func `A page that changes has another source`(change: Change) throws {
        let before = try made(TinyEdition.edition())
        let after = try made(change.make(TinyEdition.edition()))
        let differing = after.filter { $0.value.page != before[$0.key]?.page }
        #expect(!differing.isEmpty, "no page shows it")
        for (key, made) in differing {
            #expect(made.source != before[key]?.source, "\(key)")
        }
    }

    @Test func `A picture more changes few pages`() throws {
        let edition = TinyEdition.edition()
        let images =
            edition.images + [
                ImageRecord(
                    key: "unlabelled/u2", label: nil, path: "in/unlabelled/u2.jpg", width: 28,
                    height: 28, byteCount: 1, format: .jpeg, split: .test,
                    digest: String(repeating: "0", count: 32))
            ]
        let before = try made(edition)
        let after = try made(edition.with(images: images))
        let changed = before.keys.filter { before[$0]?.source != after[$0]?.source }
        // Only the picture before it, whose button leads to it.
        #expect(changed == ["unlabelled/u1"])
        for key in before.keys where !changed.contains(key) {
            #expect(before[key]?.page == after[key]?.page, "\(key)")
        }
    }

    @Test(arguments: ["{{position}}", "{{#total}}x{{.}}{{/total}}"])
    func `A theme that shows the place of a picture has sources that change with it`(tag: String)
        throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "own-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let templates = TinyEdition.root.appending(path: "templates")
        try FileManager.default.copyItem(at: templates, to: folder)
        let page = folder.appending(path: "image.html")
        let text = try String(contentsOf: page, encoding: .utf8)
        try text.replacing("<div class=walk>", with: "<div class=walk>" + tag)
            .write(to: page, atomically: true, encoding: .utf8)
        // An edition without targets, in which all pictures have the same prediction and cluster.
        let tiny = TinyEdition.edition()
        let even = tiny.with(
            predictions: tiny.images.map { _ in tiny.predictions[0] },
            neighbours: tiny.neighbours.map { table in
                Neighbours(model: table.model, matches: table.matches.map { _ in [] })
            }, assignments: tiny.images.map { _ in 0 })
        // The first picture of the plate goes. This one is not beside it.
        let fewer = even.with(images: Array(tiny.images.dropFirst()))
        let key = "andesite/CON"
        let (before, after) = (
            try made(even, theme: folder.path)[key], try made(fewer, theme: folder.path)[key]
        )
        #expect(before?.page != after?.page)
        #expect(before?.source != after?.source)
        #expect(try made(even)[key]?.source == made(fewer)[key]?.source)
    }

    @Test func `Equal editions have equal sources for any number of threads`() throws {
        let pages = try TinyEdition.site(TinyEdition.edition()).pages
        let sources = try pages.imagePageSources(Workers(1))
        #expect(try pages.imagePageSources(Workers(3)) == sources)
    }
}

import AtlasModel
import Fingerprint
import Foundation
import Parallel
import Similarity
import Testing

@testable import Site

/// The scripts of the light table.
@Suite struct PinTests {
    private func scripts(_ edition: Edition = TinyEdition.edition()) throws -> [String: String] {
        try TinyEdition.written(TinyEdition.site(edition))
            .filter { $0.key.contains("/pins-") }
            .mapValues { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of each picture by its pin, read as JSON.
    private func items(_ edition: Edition = TinyEdition.edition()) throws -> [String: [Any]] {
        var items: [String: [Any]] = [:]
        for (path, text) in try scripts(edition) {
            let start = try #require(text.range(of: ",items:"))
            let end = try #require(text.range(of: "};", options: .backwards))
            let json = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(text[start.upperBound..<end.lowerBound].utf8)) as? [String: [Any]])
            for (name, values) in json { items["\(path.prefix { $0 != "/" })/\(name)"] = values }
        }
        return items
    }

    private func values(_ index: Int, _ edition: Edition = TinyEdition.edition()) throws -> [Any] {
        let page = try TinyEdition.site(edition).pages.layout.paths.places[index].page
        return try #require(try items(edition)[String(page.dropLast(5))])
    }

    @Test func `Every picture is in the script of its folder and the first digit of its shard`()
        throws
    {
        let pages = try TinyEdition.site().pages.layout.paths.places.map(\.page)
        #expect(try items().keys.sorted() == pages.map { String($0.dropLast(5)) }.sorted())
        for (path, text) in try scripts() {
            let digit = try #require(path.dropLast(3).last)
            let shards = text.matches(of: /\n"([0-9a-f])[0-9a-f]\//).map(\.output.1)
            #expect(shards.isEmpty == false && shards.allSatisfy { $0 == String(digit) })
        }
    }

    @Test func `A list has two bounds, then marks and distances, the nearest first`() throws {
        let marks = PictureMarks(TinyEdition.images.map(\.key)).texts
        let text = try #require((try values(0)[10] as? [String])?.first)
        // By hand: Pairwise has seven targets, from 0.1 to 0.4, which is 4,000 = 62 · 64 + 32 units of
        // 0.0001; 0.1 is 2,000 = 31 · 64 + 16 units of 0.00005. Digits 62, 32, 31, 16 are -, W, V, G.
        #expect(text.hasPrefix("0-W0-W\(marks[1])0VG\(marks[2])0VG"))
        #expect(text.count == 6 + 8 * 7)
    }

    @Test(arguments: [
        ImagePageSourceTests.Change.picture("width") { $0.with(width: 404) },
        .picture("height") { $0.with(height: 404) },
        .picture("format") { $0.with(format: .png) },
        .init("a label") { edition in
            edition.with(
                images: edition.images.map { $0.key == "gneiss/P1" ? $0.with(label: 2) : $0 })
        },
        .init("a prediction") { edition in
            edition.with(
                predictions: edition.predictions.replacing(2, .init(probabilities: [0, 1, 0])))
        },
        .init("a probability") { edition in
            edition.with(
                predictions: edition.predictions.replacing(
                    2, .init(probabilities: [0.1, 0.1, 0.8])))
        },
        .init("a picture less") { edition in
            edition.with(images: edition.images.indices.dropLast().map { edition.images[$0] })
        },
        .init("a target") { $0.with(match: Match(target: 5, distance: 0.1, rotation: 0)) },
        .init("a distance") { $0.with(match: Match(target: 1, distance: 0.2, rotation: 0)) },
        .init("a sealed trial") { _ in TinyEdition.edition(isSealed: true) },
        .init("folded groups") { $0.withFoldedGroups },
        .init("metadata") { _ in TinyEdition.edition(metadata: TinyEdition.metadata) },
        .init("models shown") { $0.with(panels: [.embedding]) },
    ])
    func `A script that changes has another source`(
        change: ImagePageSourceTests.Change
    ) throws {
        func made(_ edition: Edition) throws -> [String: (bytes: [UInt8], source: Fingerprint?)] {
            let pages = try TinyEdition.site(edition).pages
            let data = PinData(layout: pages.layout, copies: pages.pictures.copies)
            let stream = try data.stream(Workers(2))
            return Dictionary(
                uniqueKeysWithValues: try stream.paths.indices.map {
                    (stream.paths[$0], (try stream.make($0).bytes, stream.sources[$0]))
                })
        }
        let before = try made(TinyEdition.edition())
        let after = try made(change.make(TinyEdition.edition()))
        let differing = after.filter { $0.value.bytes != before[$0.key]?.bytes }
        let others = after.filter { $0.value.source != before[$0.key]?.source }
        #expect(!differing.isEmpty || after.count < before.count, "no script shows it")
        #expect(Set(differing.keys).isSubset(of: others.keys))
        // The size of a picture is in its own script only.
        if ["width", "height"].contains(change.testDescription) { #expect(others.count == 1) }
    }

    @Test func `Candidates of a sealed trial tell no distances`() throws {
        let edition = TinyEdition.edition(isSealed: true)
        let asked = Set(TinyEdition.plan.comparisons.map(\.candidate))
        for (index, image) in edition.images.enumerated() {
            let lists = try #require(try values(index, edition)[10] as? [String])
            #expect(lists.isEmpty == asked.contains(image.key))
        }
    }

    @Test func `Only pictures with a scale have a value for it`() throws {
        let edition = TinyEdition.edition(metadata: TinyEdition.metadata)
        for index in edition.images.indices {
            let scale = edition.metadata.number(.scale, of: index)
            #expect(try values(index, edition).dropFirst(11).first as? Double == scale)
        }
    }

    @Test func `Marks are all different and do not depend on other pictures`() {
        // Among 20,000 random numbers below 64⁴, a dozen are expected to meet.
        let keys = (0..<20_000).map { "gneiss/\($0)" }.sorted(by: AtlasPaths.byBytes)
        let all = PictureMarks(keys).texts
        #expect(Set(all).count == keys.count)
        #expect(all.allSatisfy { $0.utf8.count == 4 })
        let some = PictureMarks(Array(keys.prefix(50))).texts
        #expect(some == Array(all.prefix(50)))
    }

    @Test func `Digits have the base 64`() {
        #expect(Digits.text(64, length: 3) == "010")
        #expect(Digits.text(4_095, length: 2) == "__")
        #expect(Digits.text(35 * 64 + 36, length: 2) == "Za")
    }

    @Test func `Scripts name the values of a pin as the program does, in the same order`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../templates/lights.js")
        let script = try String(contentsOf: file, encoding: .utf8)
        let list = try #require(script.firstMatch(of: /VALUES = \[([^\]]*)\]/)).output.1
        #expect(
            list.matches(of: /"(\w+)"/).map { String($0.output.1) }
                == PinValue.allCases.map(\.rawValue))
    }
}

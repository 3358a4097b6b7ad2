import AtlasModel
import Foundation
import RandomNumbers
import Raster
import Review
import Similarity
import Testing

@testable import Atlas

/// Builds, queries and trials with a likeness model that only the tests define.
@Suite("A fourth likeness model")
final class FourthModelTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-fourth-\(UUID().uuidString)").path
    private let run = Run(narrator: .silent, jobs: 1, likenessModels: .withColour)
    private static let count = 36

    private var collection: String { folder + "/rocks" }

    /// Pictures in key order, each six grey levels brighter than the one before.
    init() throws {
        var random = SplitMix64(seed: 21)
        for index in 0..<Self.count {
            let path = collection + "/" + Self.key(index) + ".png"
            try FileManager.default.createDirectory(
                atPath: URL(filePath: path).deletingLastPathComponent().path,
                withIntermediateDirectories: true)
            // Noise with the sum zero: of each two pixels, one is as much brighter as the other is
            // darker.
            let pixels = (0..<28 * 14).flatMap { _ -> [UInt8] in
                let step = Int(random.next() % 17) - 8
                let pair = [20 + 6 * index + step, 20 + 6 * index - step].map(UInt8.init)
                return [pair[0], pair[0], pair[0], pair[1], pair[1], pair[1]]
            }
            try Data(Picture(width: 28, height: 28, pixels: pixels).png())
                .write(to: URL(filePath: path))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func key(_ index: Int) -> String {
        (index < count / 2 ? "gneiss/" : "marble/") + "\(index + 10)"
    }

    /// The nearest pictures by brightness, computed from the way the pictures were made.
    private static func nearest(to index: Int, _ top: Int) -> [Int] {
        Array(
            (0..<count).filter { $0 != index }
                .sorted { (abs($0 - index), $0) < (abs($1 - index), $1) }.prefix(top))
    }

    private func options(models: String) throws -> BuildOptions {
        let content = folder + "/content"
        try FileManager.default.createDirectory(
            atPath: content, withIntermediateDirectories: true)
        try "types: [gneiss, marble]\nneighbours: {top: 5, models: [\(models)]}"
            .write(toFile: content + "/atlas.yml", atomically: true, encoding: .utf8)
        var options = BuildOptions.small(in: folder)
        options.k = 2
        options.shares = [75, 15, 10]
        return options
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    }

    @Test("It is on the pages, in the trial and in the cache of a build whose settings name it")
    func build() throws {
        let options = try options(models: "colour, pairwise, kmeans, embedding")
        let first = try run.build(options)
        #expect(first.reused["neighbours"] == nil)

        let files = try FileManager.default.subpathsOfDirectory(atPath: options.output)
        let page = try text("public/" + #require(files.first { $0.hasSuffix("/15.html") }))
        let heads = page.matches(of: /<h2 id="?(\w+)"?>([^<]*)/)
            .map { [String($0.output.1), String($0.output.2)] }
        #expect(
            heads.prefix(4) == [
                ["colour", "Mean colour"], ["pairwise", "Pairwise"], ["kmeans", "K-Means"],
                ["embedding", "Pairwise on the embedding"],
            ])
        #expect(page.contains("<p>Nearest by mean colour"))
        #expect(page.contains("data-measure=\"for the mean colour, 2 is from black to white\""))
        #expect(page.contains("<summary>K-Means, a third model</summary>"))
        #expect(page.contains("<summary>Pairwise on the embedding, a fourth model</summary>"))
        #expect(page.contains("likeness by mean colour, pairwise correlation, K-Means and"))

        let similarity = try text("public/similarity.html")
        #expect(similarity.contains("Mean colour and Pairwise have"))
        #expect(similarity.contains("Mean colour: of 5 look-alikes"))
        let times = try #require(similarity.split(separator: "What they take").last)
        #expect(times.contains(">Mean colour</th>"))

        let key = try JSONSerialization.jsonObject(with: Data(try text("review/key.json").utf8))
        let comparisons = (key as? [String: Any])?["comparisons"]
        let sides = try #require(comparisons as? [String: [String: String]])
        #expect(!sides.isEmpty)
        let normal = sides.values.filter { $0["kind"] == nil }
        #expect(normal.allSatisfy { Set($0.values) == ["colour", "pairwise"] })

        // One result for the pixels, one for the network, one for the mean colour.
        #expect(try run.build(options).reused["neighbours"] == 3)
    }

    @Test("Its votes are counted")
    func tally() throws {
        let id = "0123456789abcdef"
        try FileManager.default.createDirectory(
            atPath: folder + "/votes", withIntermediateDirectories: true)
        let key = """
            {"trial": "\(id)", "comparisons": {"\(id)": {"A": "colour", "B": "kmeans"}}}
            """
        try key.write(toFile: folder + "/key.json", atomically: true, encoding: .utf8)
        let counted = try run.tallyVotes(in: folder + "/votes", key: folder + "/key.json")
        #expect(counted.summary.total.models == [.kmeans, .colour])
        #expect(counted.table.hasPrefix("     K-Means  Mean colour  Equally good  Neither"))
    }

    @Test("It answers \"similar\", as JSON and as a page")
    func similar() throws {
        let query = LikenessQuery(
            LikenessQuery.models(named: "colour", in: .withColour), top: 3)
        let candidate = folder + "/candidate.png"
        try FileManager.default.copyItem(
            atPath: collection + "/" + Self.key(9) + ".png", toPath: candidate)
        let results = try run.similar(
            CollectionSource(paths: [collection], shares: [1, 0, 0]),
            candidates: [Self.key(4), candidate], query, page: folder + "/page.html")
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(results))
        let targets = try #require(json as? [[String: Any]]).map { result in
            let colour = result["colour"] as? [String: Any]
            let matches = colour?["matches"] as? [[String: Any]] ?? []
            return matches.compactMap { $0["key"] as? String }
        }
        #expect(
            targets == [
                Self.nearest(to: 4, 3).map(Self.key),
                [Self.key(9)] + Self.nearest(to: 9, 2).map(Self.key),
            ])
        let page = try text("page.html")
        #expect(page.contains("<h3>Mean colour</h3>"))
        #expect(page.contains("The nearest of all pictures by mean colour"))
    }

    @Test("It answers \"neighbours\" beside the others")
    func neighbours() throws {
        let models = LikenessQuery.models(named: "both", in: .withColour) + [.colour]
        let output = folder + "/n.h5"
        let result = try run.neighbours(
            CollectionSource(paths: [collection], shares: [50, 20, 30]), output: output,
            LikenessQuery(models, top: 4))
        let table = try NeighboursFile.read(output, models: [.colour])[0]
        for index in 0..<Self.count {
            let expected = Self.nearest(to: index, 4)
            #expect(table.matches[index].map(\.target) == expected)
            for (match, target) in zip(table.matches[index], expected) {
                #expect(abs(match.distance - Double(12 * abs(target - index)) / 255) < 1e-12)
            }
        }
        #expect(Set(result.seconds.models.keys) == ["kmeans", "pairwise", "colour"])
        let sameType = try #require(result.sameType)
        #expect(Set(sameType.models.keys) == ["kmeans", "pairwise", "colour"])
        #expect(sameType.n == 4)
    }

    @Test("A program that does not know it says which models there are")
    func unknown() throws {
        let options = try options(models: "colour, pairwise")
        #expect(
            throws: AtlasError.wrongLine(
                path: folder + "/content/atlas.yml", line: 2,
                reason: "there is no likeness model \"colour\". "
                    + "There are kmeans, pairwise, kmeans-embedding, embedding, kmeans-texture, texture, "
                    + "ground.")
        ) {
            try Run(narrator: .silent).build(options)
        }
    }
}

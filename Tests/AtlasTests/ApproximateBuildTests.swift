import Foundation
import Synchronization
import Testing

@testable import Atlas

@Suite("A build whose settings allow an approximate search")
final class ApproximateBuildTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-approximate-\(UUID().uuidString)").path
    private let notes = Notes()

    private final class Notes: Sendable {
        private let all = Mutex<[String]>([])
        func add(_ note: String) { all.withLock { $0.append(note) } }
        var text: String { all.withLock { $0.joined(separator: "\n") } }
    }

    init() throws {
        _ = try Run(narrator: .silent).sample(to: folder + "/rocks", perType: 6, size: 28)
        try FileManager.default.createDirectory(
            atPath: folder + "/content", withIntermediateDirectories: true)
        try "neighbours: {top: 5, approximate: true}\nkmeans: {k: 2, restarts: 1}\nmap: false"
            .write(toFile: folder + "/content/atlas.yml", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var options: BuildOptions {
        var options = BuildOptions.small(in: folder)
        options.times = false
        return options
    }

    /// Builds into a new folder, with the workspace of the build before.
    private func build(approximateFrom: Int) throws -> BuildResult {
        try? FileManager.default.removeItem(atPath: folder + "/public")
        let narrator = Narrator(
            begin: { _ in }, progress: { _, _ in }, end: { _, _, _ in }, warn: notes.add,
            now: { 0 })
        return try Run(narrator: narrator, jobs: 1, approximateFrom: approximateFrom)
            .build(options)
    }

    private func similarity() throws -> String {
        try String(contentsOfFile: folder + "/public/similarity.html", encoding: .utf8)
    }

    @Test func `It begins with a number of pictures, and its recall is told and kept`() throws {
        _ = try build(approximateFrom: 1_000)
        #expect(notes.text.contains("look-alikes are searched exactly"))
        #expect(try !similarity().contains("approximately"))
        // 36 pictures are one part, so that everything is found; the key is another one nevertheless.
        let first = try build(approximateFrom: 36)
        #expect(first.reused["neighbours"] == nil)
        let told =
            "36 pictures from all over it were searched exactly too: of their first five look-alikes "
            + "100 % by K-Means and 100 % by Pairwise were found."
        #expect(try similarity().replacing("\u{202F}", with: " ").contains(told))
        // From what the workspace keeps.
        let again = try build(approximateFrom: 36)
        #expect(again.reused["neighbours"] == 1)
        #expect(try similarity().replacing("\u{202F}", with: " ").contains(told))
    }

    @Test func `Shards find the same, and the merge measures the recall`() throws {
        _ = try build(approximateFrom: 36)
        let whole = try similarity()
        let run = Run(narrator: .silent, jobs: 1, approximateFrom: 36)
        var plan = PlanOptions()
        plan.build = options
        plan.build.output = folder + "/parted"
        plan.work = folder + "/work"
        plan.shards = 2
        plan.shardMinutes = 0
        for stage in try run.plan(plan).stages {
            for index in 0..<stage.shards {
                _ = try run.shard(work: plan.work, stage: stage.name, index: index)
            }
            _ = try run.merge(work: plan.work, stage: stage.name, wait: 0)
        }
        let parted = try String(
            contentsOfFile: folder + "/parted/similarity.html", encoding: .utf8)
        #expect(parted.contains("were searched exactly too"))
        #expect(parted == whole)
    }
}

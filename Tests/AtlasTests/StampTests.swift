import Fingerprint
import Foundation
import Testing

@testable import Atlas

@Suite("Stamps, and results made from those of earlier builds")
struct StampTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-stamp-\(UUID().uuidString)").path

    /// An entry whose value is the sum of what earlier builds put there.
    private func entry(pictures: String, network: String) -> CacheEntry<String> {
        let key = CacheKey(
            .classify, revision: 1, ["network": .text(network), "pictures": .text(pictures)])
        return CacheEntry(
            file: "sum.txt", key: key, family: key.without(["pictures"]),
            read: { path in try String(contentsOfFile: path, encoding: .utf8) },
            write: { text, path in try text.write(toFile: path, atomically: true, encoding: .utf8) }
        )
    }

    private func make(
        _ workspace: Workspace, pictures: String, network: String, told: inout [String]
    ) throws -> Staged<String> {
        var reasons: [String] = []
        defer { told = reasons }
        let reporter = CacheReporter(
            warn: { reasons.append($0) }, explain: { reasons.append($0) })
        return try workspace.value(of: entry(pictures: pictures, network: network), reporter) {
            ($0 ?? "") + pictures
        }
    }

    @Test("A result for other pictures is the basis of the new one; one of another network is not")
    func family() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let workspace = try Workspace(folder)
        var told: [String] = []
        #expect(try make(workspace, pictures: "a", network: "x", told: &told).value == "a")
        #expect(told == ["sum.txt: made, because there is none yet"])
        #expect(try make(workspace, pictures: "b", network: "x", told: &told).value == "ab")
        #expect(told == ["sum.txt: made again, because of other pictures"])
        #expect(try make(workspace, pictures: "b", network: "x", told: &told).isReused)
        #expect(told == [])
        #expect(try make(workspace, pictures: "c", network: "y", told: &told).value == "c")
        #expect(told == ["sum.txt: made again, because of other network, pictures"])
    }

    @Test("A damaged file is no basis")
    func damaged() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let workspace = try Workspace(folder)
        var told: [String] = []
        _ = try make(workspace, pictures: "a", network: "x", told: &told)
        try "rotten".write(toFile: folder + "/sum.txt", atomically: true, encoding: .utf8)
        #expect(try make(workspace, pictures: "b", network: "x", told: &told).value == "b")
        #expect(told.count == 2 && told[0].contains("was changed since"))
    }

    @Test("A forced workspace uses nothing, but writes what the next build uses")
    func forced() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var told: [String] = []
        do {
            _ = try make(Workspace(folder), pictures: "a", network: "x", told: &told)
        }
        do {
            let forced = try Workspace(folder, isForced: true)
            let made = try make(forced, pictures: "a", network: "x", told: &told)
            #expect(!made.isReused && made.value == "a")
            #expect(told == ["sum.txt: made again, because of --force"])
        }
        #expect(try make(Workspace(folder), pictures: "a", network: "x", told: &told).isReused)
    }
}

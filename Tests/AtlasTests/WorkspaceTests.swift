import Foundation
import Testing

@testable import Atlas

@Suite("The workspace")
struct WorkspaceTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-workspace-\(UUID().uuidString)").path

    /// The result of reading an entry: the value, whether it was reused, and the messages.
    private struct Asked: Equatable {
        let value: String
        let reused: Bool
        let warnings: [String]
    }

    private func ask(_ workspace: Workspace, digest: String, makes value: String) throws -> Asked {
        var warnings: [String] = []
        let entry = CacheEntry<String>(
            file: "kept/value.txt",
            key: CacheKey(.cluster, revision: 1, ["from": .text(digest)]),
            read: { path in try String(contentsOfFile: path, encoding: .utf8) },
            write: { text, path in try text.write(toFile: path, atomically: true, encoding: .utf8) }
        )
        let found = try workspace.value(
            of: entry, CacheReporter(warn: { warnings.append($0) }), make: { _ in value })
        return Asked(value: found.value, reused: found.isReused, warnings: warnings)
    }

    @Test("An entry is made once, and made anew when what it was made from changes")
    func reuse() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let workspace = try Workspace(folder)
        #expect(
            try ask(workspace, digest: "a", makes: "first")
                == Asked(value: "first", reused: false, warnings: []))
        #expect(
            try ask(workspace, digest: "a", makes: "second")
                == Asked(value: "first", reused: true, warnings: []))
        #expect(
            try ask(workspace, digest: "b", makes: "third")
                == Asked(value: "third", reused: false, warnings: []))
    }

    @Test("While another process has locked the workspace, a query reads it and adds nothing")
    func question() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let keeper = try Workspace(folder)
        _ = try ask(keeper, digest: "a", makes: "first")
        #expect(throws: AtlasError.workspaceBusy(path: folder)) { try Workspace(folder) }
        var warnings: [String] = []
        let reader = try Workspace.forQuery(folder) { warnings.append($0) }
        #expect(warnings.count == 1 && warnings[0].contains("in use"))
        #expect(
            try ask(reader, digest: "a", makes: "second")
                == Asked(value: "first", reused: true, warnings: []))
        #expect(
            try ask(reader, digest: "b", makes: "third")
                == Asked(value: "third", reused: false, warnings: []))
        // The entry of the build that holds the lock is unchanged.
        #expect(
            try ask(keeper, digest: "a", makes: "fourth")
                == Asked(value: "first", reused: true, warnings: []))
    }

    @Test("An entry that was changed since is made again, and said so")
    func damaged() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let workspace = try Workspace(folder)
        _ = try ask(workspace, digest: "a", makes: "first")
        try "rotten".write(toFile: folder + "/kept/value.txt", atomically: true, encoding: .utf8)
        let again = try ask(workspace, digest: "a", makes: "second")
        #expect(again.value == "second")
        #expect(!again.reused)
        #expect(again.warnings.count == 1)
        #expect(again.warnings[0].contains("kept/value.txt"))
    }

    @Test("A write that fails leaves no entry that counts")
    func interrupted() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let workspace = try Workspace(folder)
        let entry = CacheEntry<String>(
            file: "kept/value.txt", key: CacheKey(.cluster, revision: 1, ["from": .text("a")]),
            read: { $0 },
            write: { _, path in
                try "half".write(toFile: path, atomically: true, encoding: .utf8)
                throw CocoaError(.fileWriteOutOfSpace)
            })
        #expect(throws: CocoaError.self) {
            try workspace.value(of: entry, CacheReporter(warn: { _ in }), make: { _ in "x" })
        }
        let after = try ask(workspace, digest: "a", makes: "whole")
        #expect(after == Asked(value: "whole", reused: false, warnings: []))
    }

    @Test("Two builds do not share a workspace at the same time")
    func busy() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try Workspace(folder)
        #expect(throws: AtlasError.workspaceBusy(path: folder)) { try Workspace(folder) }
        withExtendedLifetime(first) {}
    }
}

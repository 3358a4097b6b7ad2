import Foundation
import Testing

@testable import Atlas

@Suite("Watching files") struct WatchTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-watch-\(UUID().uuidString)")

    private func write(_ text: String, _ name: String) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func difference(_ files: WatchedFiles, _ change: () throws -> Void) rethrows -> String?
    {
        let before = files.look()
        try change()
        return WatchedFiles.difference(before, files.look())
    }

    @Test("New, changed, renamed and removed files are noticed, and named")
    func changes() throws {
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try write("a", "content/a.md")
        let files = WatchedFiles(paths: [path("content"), path("rocks.zip")], leavingOut: [])
        #expect(difference(files) {} == nil)
        // The same size, and probably within the same second.
        #expect(try difference(files) { try write("b", "content/a.md") } == path("content/a.md"))
        #expect(
            try difference(files) { try write("", "content/rocks/b.md") }
                == path("content/rocks/b.md"))
        #expect(try difference(files) { try write("zip", "rocks.zip") } == path("rocks.zip"))
        #expect(
            try difference(files) {
                try FileManager.default.moveItem(
                    atPath: path("content/a.md"), toPath: path("content/c.md"))
            } == path("content/a.md"))
        #expect(
            try difference(files) { try FileManager.default.removeItem(atPath: path("content")) }
                == path("content"))
    }

    @Test("Hidden files, backups of editors and folders that a build writes to are left out")
    func leftOut() throws {
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try write("", "a.md")
        let files = WatchedFiles(paths: [folder.path], leavingOut: [path("public")])
        for name in [".a.md.swp", "a.md~", ".git/index", "public/index.html", "public/a/b.html"] {
            #expect(try difference(files) { try write("1", name) } == nil, "\(name)")
        }
        #expect(try difference(files) { try write("", "public2/a") } == path("public2/a"))
        // Votes are read from files with names like these.
        let votes = WatchedFiles(
            paths: [folder.path], leavingOut: [], seesLikelyLeftovers: true)
        #expect(try difference(votes) { try write("", "v.jsonl~") } == path("v.jsonl~"))
        #expect(try difference(votes) { try write("", "Thumbs.db") } == nil)
    }

    @Test("A file that grows is not reported before it stops growing")
    func growing() throws {
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try write("", "a")
        var looks = 0
        let watch = ChangeWatch(WatchedFiles(paths: [folder.path], leavingOut: [])) { _ in
            looks += 1
            guard (2...5).contains(looks) else { return }
            #expect(throws: Never.self) {
                try write(String(repeating: "x", count: looks), "rocks.zip")
            }
        }
        #expect(watch.change() == path("rocks.zip"))
        #expect(looks == 6)
    }

    @Test("A change before the first look of the wait is noticed")
    func meanwhile() throws {
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try write("", "a")
        let watch = ChangeWatch(WatchedFiles(paths: [folder.path], leavingOut: [])) { _ in }
        try write("changed while a build ran", "a")
        #expect(watch.change() == path("a"))
    }
}

@Suite("The record of the last build") struct LastCommandTests {
    private func options(_ folder: URL) -> BuildOptions {
        var options = BuildOptions()
        options.collections = ["rocks.zip"]
        options.output = folder.appending(path: "public").path
        options.workspace = folder.path
        options.folds = 0
        return options
    }

    @Test("The options of the last build of an atlas are found again, and only for that atlas")
    func found() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-last-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let options = options(folder)
        let missing = AtlasError.noLastBuild(workspace: folder.path, output: options.output)
        #expect(throws: missing) { try LastCommand.read(in: folder.path, of: options.output) }

        try LastCommand(options, seed: 7).write()
        let last = try LastCommand.read(in: folder.path, of: options.output + "/../public/")
        // Absolute paths are not written into a workspace, which may be given to others.
        let paths = [last.options.output, last.options.workspace]
        #expect(paths.allSatisfy { !$0.hasPrefix("/") })
        #expect(
            paths.map { URL(filePath: $0).standardizedFileURL.path }
                == [options.output, options.workspace])
        var others = last.options
        (others.output, others.workspace) = (options.output, options.workspace)
        #expect(others == options)
        #expect(last.seed == 7)
        let other = folder.appending(path: "other").path
        #expect(throws: AtlasError.noLastBuild(workspace: folder.path, output: other)) {
            try LastCommand.read(in: folder.path, of: other)
        }
    }

    @Test("A record of another version is none")
    func damaged() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-last-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try Data("{}".utf8).write(to: folder.appending(path: "last-command.json"))
        #expect(throws: AtlasError.noLastBuild(workspace: folder.path, output: "public")) {
            try LastCommand.read(in: folder.path, of: "public")
        }
    }
}

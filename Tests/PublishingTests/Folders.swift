import AtlasModel
import Fingerprint
import Foundation
import Parallel
import Testing

@testable import Publishing

/// Tests that run rsync, one after another, because each starts several programs and watches how long they take.
@Suite(.serialized) enum RealRsync {}

/// Two editions of a small atlas: contents by path.
enum Editions {
    static let first = [
        "index.html": "front", "rocks/1.html": "page 1", "rocks/2.html": "page 2",
        "pictures/a.jpg": "aaaa", "pictures/b.jpg": "bbbb", "style-1.css": "s",
    ]
    /// The same sizes as in the first edition, so that sizes alone do not reveal the difference.
    static let second = [
        "index.html": "FRONT", "rocks/1.html": "PAGE 1", "pictures/a.jpg": "aaaa",
        "pictures/b.jpg": "BBBB", "style-2.css": "s",
    ]
}

/// A folder for one test, with an atlas in `public` and space for other folders; removed at the
/// end.
final class TestFolder {
    /// Links are resolved, so that the path can be compared with the messages of the program.
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "publishing \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        path = folder.resolvingSymlinksInPath().path
    }

    deinit {
        #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) }
    }

    var atlas: String { path + "/public" }
    var share: String { path + "/share" }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: path + "/" + name)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Paths of all files below `name`, sorted.
    func files(_ name: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path + "/" + name).filter {
            var folder: ObjCBool = false
            return FileManager.default.fileExists(
                atPath: path + "/\(name)/" + $0, isDirectory: &folder) && !folder.boolValue
        }.sorted()
    }

    /// Expects that the share contains the files of `edition`, their manifest, and `others`.
    func expectShare(holds edition: [String: String], others: [String] = []) throws {
        #expect(try files("share") == (edition.keys + ["manifest.json"] + others).sorted())
        for (path, text) in edition { #expect(read("share/" + path) == text) }
        #expect(read("share/manifest.json") == read("public/manifest.json"))
    }

    /// Makes `public` an atlas with exactly these files (path: content).
    func build(_ files: [String: String]) throws {
        if FileManager.default.fileExists(atPath: atlas) {
            try FileManager.default.removeItem(atPath: atlas)
        }
        for (path, text) in files { try write(text, to: "public/" + path) }
        let manifest = try Manifest(
            files.map {
                Manifest.File(
                    path: $0.key, size: $0.value.utf8.count, digest: Fingerprint(of: $0.value))
            })
        try write(
            String(decoding: manifest.bytes(), as: UTF8.self), to: "public/manifest.json")
    }

    /// Publishes `public`. Locks are watched for a shorter time than in the program.
    /// - Parameter searchPath: `PATH` for finding rsync.
    @discardableResult
    func publish(
        to destination: String? = nil, searchPath: String? = nil, _ wishes: [Wish] = [],
        warn: (String) -> Void = { _ in }
    ) throws -> Publication.Summary {
        var environment = ProcessInfo.processInfo.environment
        if let searchPath { environment["PATH"] = searchPath }
        // In place of ssh: a command that runs on this machine, whatever the host is.
        environment["RSYNC_RSH"] = "'\(path)/bin/shell'"
        var asked = Publication.Wishes()
        asked.dryRun = wishes.contains(.dryRun)
        asked.removeNow = wishes.contains(.removeNow)
        asked.breakLock = wishes.contains(.breakLock)
        let times = LockTimes(
            renewal: .milliseconds(50), silence: .milliseconds(400),
            farewell: .milliseconds(400), look: .milliseconds(10))
        return try Publication(
            of: atlas, to: destination ?? share, workingFolder: path, environment: environment,
            times: times
        ).run(asked, workers: Workers(2), warn: warn)
    }

    enum Wish { case dryRun, removeNow, breakLock }

    /// The address of `share` as a folder of another machine.
    func remoteShare() throws -> String {
        try script("shell", "shift; exec sh -c \"$*\"")
        return "host:" + share
    }

    /// Writes an executable shell script into `bin`.
    ///
    /// Another process writes it. A file that this one has open for writing is open in every program that another test
    /// starts just then, for as long as that program is not loaded, and the system runs no such file.
    func script(_ name: String, _ text: String) throws {
        try FileManager.default.createDirectory(
            atPath: path + "/bin", withIntermediateDirectories: true)
        let writer = Process()
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = [
            "-c", "printf %s \"$2\" > \"$1\" && chmod 755 \"$1\"", "sh",
            path + "/bin/" + name, "#!/bin/sh\n\(text)\n",
        ]
        try writer.run()
        writer.waitUntilExit()
        #expect(writer.terminationStatus == 0)
    }

    /// Puts an rsync first on the PATH that passes every call to the real rsync, unless `script`
    /// does something else. `$call` is the number of the call of this machine's side, from 1.
    /// - Parameter after: commands after the real rsync.
    /// - Returns: the `PATH`.
    func rsync(_ script: String, after: String = "") throws -> String {
        let usual = ProcessInfo.processInfo.environment["PATH", default: ""]
        try self.script(
            "rsync",
            """
            here='\(path)/bin'
            PATH='\(usual)'
            [ "$1" != --server ] || exec rsync "$@"
            call=$(($(cat "$here/calls" 2>/dev/null || echo 0) + 1))
            echo $call > "$here/calls"
            \(script)
            rsync "$@"
            status=$?
            \(after)
            exit $status
            """)
        return path + "/bin:" + usual
    }

    /// The output of `geoatlas check` for the files in `folder`.
    func check(_ folder: String) throws -> [String] {
        let manifest = try Manifest.read(in: folder)
        return
            (try manifest.damage(in: folder, workers: Workers(1))
            + manifest.foreign(
                among: try atlasFiles(in: folder),
                waiting: try Manifest.waitingForRemoval(in: folder))).map {
                "\($0.path): \($0.reason)"
            }
    }
}

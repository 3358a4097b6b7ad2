import AtlasModel
import Fingerprint
import Foundation
import Parallel
import Publishing
import Testing

/// Tests that run rsync, one after another. A script that one thread is writing cannot be started
/// while the child of another thread still has it open (ETXTBSY).
@Suite(.serialized) enum RealRsync {}

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

    /// Publishes `public`.
    /// - Parameter searchPath: `PATH` for finding rsync.
    @discardableResult
    func publish(
        to destination: String? = nil, searchPath: String? = nil, warn: (String) -> Void = { _ in }
    ) throws -> Publication.Summary {
        var environment = ProcessInfo.processInfo.environment
        if let searchPath { environment["PATH"] = searchPath }
        return try Publication(
            of: atlas, to: destination ?? share, workingFolder: path, environment: environment
        ).run(workers: Workers(2), warn: warn)
    }

    /// Puts an rsync first on the PATH that passes every call to the real rsync, unless `script`
    /// does something else. `$call` is the number of the call, from 1.
    /// - Returns: the `PATH`.
    func rsync(_ script: String) throws -> String {
        let usual = ProcessInfo.processInfo.environment["PATH", default: ""]
        try write(
            """
            #!/bin/sh
            here='\(path)/bin'
            call=$(($(cat "$here/calls" 2>/dev/null || echo 0) + 1))
            echo $call > "$here/calls"
            \(script)
            PATH='\(usual)' exec rsync "$@"

            """, to: "bin/rsync")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: path + "/bin/rsync")
        return path + "/bin:" + usual
    }

    /// The output of `geoatlas check` for the files in `folder`.
    func check(_ folder: String) throws -> [String] {
        let manifest = try Manifest.read(in: folder)
        return
            (try manifest.damage(in: folder, workers: Workers(1))
            + manifest.foreign(among: try atlasFiles(in: folder))).map {
                "\($0.path): \($0.reason)"
            }
    }
}

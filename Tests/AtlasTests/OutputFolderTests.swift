import Fingerprint
import Foundation
import Parallel
import Publishing
import Site
import Synchronization
import Testing

@testable import Atlas

@Suite("The folder an edition is written to")
struct OutputFolderTests {
    private let root = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-output-\(UUID().uuidString)").path

    private func write(_ files: [String: String], finishing: Bool = true) throws {
        let output = try OutputFolder(root)
        for (path, text) in files { try output.sink.write(path, Array(text.utf8)) }
        if finishing { _ = try output.finish() }
    }

    private var files: Set<String> {
        let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return Set(
            found.filter {
                var isFolder: ObjCBool = false
                let path = root + "/" + $0
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                    && !isFolder.boolValue
            })
    }

    @Test("What the last edition listed and this one does not is removed, with its folders")
    func removal() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["a/b/old.html": "1", "index.html": "2"])
        try write(["index.html": "3"])
        #expect(files == ["index.html", "manifest.json"])
        #expect(!FileManager.default.fileExists(atPath: root + "/a"))
    }

    @Test("What somebody else put there stays")
    func foreign() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["a/old.html": "1", "index.html": "2"])
        try "mine".write(toFile: root + "/a/mine.txt", atomically: true, encoding: .utf8)
        try write(["index.html": "2"])
        #expect(files == ["a/mine.txt", "index.html", "manifest.json"])
    }

    @Test("What an interrupted build left behind is removed by the next one")
    func interrupted() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["half.html": "1"], finishing: false)
        try write(["index.html": "2"])
        #expect(files == ["index.html", "manifest.json"])
    }

    @Test("Two files of one name are a mistake of the program, which is told")
    func twice() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let output = try OutputFolder(root)
        for text in ["1", "2"] { try output.sink.write("a/b.html", Array(text.utf8)) }
        #expect(
            throws: PublishingError.refusedPath(path: "a/b.html", reason: "it is listed twice")
        ) { try output.finish() }
    }

    @Test("An unchanged file is not written again")
    func unchanged() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["index.html": "same"])
        let past = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes(
            [.modificationDate: past], ofItemAtPath: root + "/index.html")
        let output = try OutputFolder(root)
        try output.sink.write("index.html", Array("same".utf8))
        _ = try output.finish()
        let attributes = try FileManager.default.attributesOfItem(atPath: root + "/index.html")
        #expect(attributes[.modificationDate] as? Date == past)
        #expect(output.unchanged == 1)
    }

    @Test("The manifest lists every file with its size")
    func manifest() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["b.html": "four", "a/é.html": "12"])
        let manifest = try Manifest.read(in: root)
        #expect(manifest.files.map(\.path) == ["a/é.html", "b.html"])
        #expect(manifest.files.map(\.size) == [2, 4])
    }

    @Test("A folder with files that are no atlas is refused")
    func taken() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try "mine".write(toFile: root + "/mine.txt", atomically: true, encoding: .utf8)
        #expect(throws: AtlasError.outputTaken(path: root)) { try OutputFolder(root) }
    }

    @Test("A journal that somebody forged leads to no file outside the folder")
    func forgedJournal() throws {
        defer { try? FileManager.default.removeItem(atPath: root + "-outside") }
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["index.html": "1"])
        try FileManager.default.createDirectory(
            atPath: root + "-outside", withIntermediateDirectories: true)
        let precious = root + "-outside/precious.txt"
        try "mine".write(toFile: precious, atomically: true, encoding: .utf8)
        let name = URL(filePath: root).lastPathComponent
        try "../\(name)-outside/precious.txt\n\(precious)\n".write(
            toFile: root + "/" + Manifest.buildJournal, atomically: true, encoding: .utf8)
        try write(["index.html": "2"])
        #expect(try String(contentsOfFile: precious, encoding: .utf8) == "mine")
    }

    @Test("A link in the atlas is not written through")
    func linkedFolder() throws {
        defer { try? FileManager.default.removeItem(atPath: root + "-outside") }
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["index.html": "1"])
        try FileManager.default.createDirectory(
            atPath: root + "-outside", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/rocks", withDestinationPath: root + "-outside")
        #expect(throws: AtlasError.linkInOutput(path: root + "/rocks")) {
            try write(["rocks/1.html": "2"])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "-outside") == [])
    }

    @Test("A folder that has become a link is neither kept nor taken for untouched")
    func linkedAgain() throws {
        defer { try? FileManager.default.removeItem(atPath: root + "-outside") }
        defer { try? FileManager.default.removeItem(atPath: root) }
        var record = OutputRecord.empty
        func build() throws -> Bool {
            let folder = try OutputFolder(root, record: record)
            if try folder.isUntouched(workers: Workers(1)) { return false }
            try folder.sink.write("rocks/tuff/1.html", from: Fingerprint(of: "1")) {
                [0x31]
            }
            record = try folder.finish().record
            return true
        }
        #expect(try build())
        #expect(try !build())
        try FileManager.default.moveItem(atPath: root + "/rocks", toPath: root + "-outside")
        try FileManager.default.createSymbolicLink(
            atPath: root + "/rocks", withDestinationPath: root + "-outside")
        #expect(throws: AtlasError.linkInOutput(path: root + "/rocks")) { try build() }
    }

    @Test("A journal that is a link is refused, and nothing is written through it")
    func linkedJournal() throws {
        defer { try? FileManager.default.removeItem(atPath: root + "-outside") }
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["index.html": "1"])
        let journal = root + "/" + Manifest.buildJournal
        try FileManager.default.createSymbolicLink(
            atPath: journal, withDestinationPath: root + "-outside")
        #expect(throws: AtlasError.linkInOutput(path: journal)) { try write(["index.html": "2"]) }
        #expect(!FileManager.default.fileExists(atPath: root + "-outside"))
    }

    @Test("A damaged manifest is answered with a remedy that works")
    func damagedManifest() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["index.html": "1"])
        let manifest = root + "/manifest.json"
        try "x".write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(throws: AtlasError.outputDamaged(path: root, manifest: manifest)) {
            try OutputFolder(root)
        }
    }

    @Test("Two builds do not write to one folder at the same time")
    func busy() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let first = try OutputFolder(root)
        #expect(throws: AtlasError.outputBusy(path: root)) { try OutputFolder(root) }
        withExtendedLifetime(first) {}
    }

    @Test("Files that a build could not remove any more are removed by the next one")
    func interruptedRemoval() throws {
        defer { try? FileManager.default.removeItem(atPath: root + "-outside") }
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write(["a/old.html": "1", "b/old.html": "1", "index.html": "1"])
        // The build stops at the first file that it has to remove, which is after it wrote the
        // manifest.
        try FileManager.default.moveItem(atPath: root + "/a", toPath: root + "-outside")
        try FileManager.default.createSymbolicLink(
            atPath: root + "/a", withDestinationPath: root + "-outside")
        #expect(throws: AtlasError.linkInOutput(path: root + "/a")) {
            try write(["index.html": "2"])
        }
        #expect(try Manifest.read(in: root).files.map(\.path) == ["index.html"])
        #expect(FileManager.default.fileExists(atPath: root + "/b/old.html"))
        try FileManager.default.removeItem(atPath: root + "/a")
        try write(["index.html": "2"])
        #expect(files == ["index.html", "manifest.json"])
    }

    @Test("A build that is refused leaves the journal of the other alone")
    func refused() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let first = try OutputFolder(root)
        #expect(throws: AtlasError.outputBusy(path: root)) { try OutputFolder(root) }
        #expect(FileManager.default.fileExists(atPath: root + "/" + Manifest.buildJournal))
        #expect(throws: AtlasError.outputBusy(path: root)) { try OutputFolder(root) }
        try first.sink.write("index.html", [1])
        _ = try first.finish()
        #expect(files == ["index.html", "manifest.json"])
        #expect(!FileManager.default.fileExists(atPath: root + "/" + Manifest.buildJournal))
    }

    @Test("Two builds that begin when a third ends do not both get the folder")
    func handedOver() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        // A lock on the journal of a finished build would be a lock on a removed file.
        for _ in 0..<200 {
            let winners = Mutex(0)
            let ending = try OutputFolder(root)
            try ending.sink.write("index.html", [1])
            DispatchQueue.concurrentPerform(iterations: 3) { number in
                if number == 0 {
                    _ = try? ending.finish()
                } else if let output = try? OutputFolder(root) {
                    let others = winners.withLock { count in
                        count += 1
                        return count
                    }
                    #expect(others == 1, "two builds write at once")
                    try? output.sink.write("index.html", [1])
                    winners.withLock { $0 -= 1 }
                    _ = try? output.finish()
                }
            }
        }
    }
}

import Fingerprint
import Foundation
import Parallel
import Site
import Testing

@testable import Atlas

@Suite("Files of the atlas that are kept because they would be made from the same")
struct OutputRecordTests {
    private let root = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-record-\(UUID().uuidString)").path
    private let source = Fingerprint(of: "source")
    private let workers = Workers(2)

    /// Counts how often a file is made.
    private final class Maker: Sendable {
        nonisolated(unsafe) private(set) var count = 0
        func bytes() -> [UInt8] {
            count += 1
            return Array("page".utf8)
        }
    }

    private func write(_ record: OutputRecord, from source: Fingerprint, _ maker: Maker) throws
        -> OutputRecord
    {
        let output = try OutputFolder(root, record: record)
        try output.sink.write("a/page.html", from: source) { maker.bytes() }
        return try output.finish().record
    }

    @Test("It is made again only if the source changed, or the file was touched")
    func kept() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let maker = Maker()
        var record = try write(.empty, from: source, maker)
        #expect(maker.count == 1)
        record = try write(record, from: source, maker)
        #expect(maker.count == 1)
        record = try write(record, from: Fingerprint(of: "other"), maker)
        #expect(maker.count == 2)
        try "edit".write(toFile: root + "/a/page.html", atomically: false, encoding: .utf8)
        record = try write(record, from: Fingerprint(of: "other"), maker)
        #expect(maker.count == 3)
        #expect(try String(contentsOfFile: root + "/a/page.html", encoding: .utf8) == "page")
        try FileManager.default.removeItem(atPath: root + "/a/page.html")
        record = try write(record, from: Fingerprint(of: "other"), maker)
        #expect(maker.count == 4)
    }

    @Test("The folder is untouched until a file is changed, replaced, removed or its manifest is")
    func untouched() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        func isUntouched(_ record: OutputRecord) throws -> Bool {
            try OutputFolder(root, record: record).isUntouched(workers: workers)
        }
        let page = root + "/a/page.html"
        var record = try write(.empty, from: source, Maker())
        #expect(try isUntouched(record))
        #expect(try !isUntouched(.empty))
        // The same bytes, written by somebody else.
        try "page".write(toFile: page, atomically: true, encoding: .utf8)
        #expect(try !isUntouched(record))
        record = try write(record, from: source, Maker())
        #expect(try isUntouched(record))
        try FileManager.default.removeItem(atPath: page)
        #expect(try !isUntouched(record))
        record = try write(record, from: source, Maker())
        try FileManager.default.removeItem(atPath: root + "/manifest.json")
        // Without a manifest and a journal the folder is taken for somebody else's.
        #expect(throws: AtlasError.outputTaken(path: root)) { try isUntouched(record) }
    }

    @Test("A record finds each of its files, and has them in the order of their paths")
    func found() {
        func entry(_ size: Int) -> OutputRecord.Entry {
            .init(
                size: size, digest: source, source: nil,
                facts: FileFacts(size: size, modified: 0, changed: 0, number: 0))
        }
        let paths = ["b/2.html", "a.html", "b.html", "b/10.html", "é.html", "Z.html"]
        let record = OutputRecord(
            paths.enumerated().map { .init(path: $1, entry: entry($0)) })
        #expect(
            record.files.map(\.path)
                == ["Z.html", "a.html", "b.html", "b/10.html", "b/2.html", "é.html"])
        #expect(paths.map { record[$0]?.size } == [0, 1, 2, 3, 4, 5])
        #expect(record["b/3.html"] == nil)
        #expect(OutputRecord.empty["a.html"] == nil)
    }

    @Test("A record is read as it was written")
    func file() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let record = try write(.empty, from: source, Maker())
        let path = root + "/record.h5"
        try record.write(to: path)
        let read = try OutputRecord(contentsOf: path)
        #expect(read.files.map(\.path) == ["a/page.html", "manifest.json"])
        #expect(read.files.map(\.entry) == record.files.map(\.entry))
    }
}

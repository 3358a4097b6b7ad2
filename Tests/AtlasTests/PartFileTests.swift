import Files
import Fingerprint
import Foundation
import Testing

@testable import Atlas

@Suite("Outputs of shards")
struct PartFileTests {
    private let header = PartFile.Header(plan: "a1", stage: "catalogue", index: 3, shards: 5)

    private func withPart(_ body: (_ path: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-part-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/parts/00003.part"
        let writer = try PartWriter(path, header)
        try writer.append([1, 2, 3])
        writer.endSection("first")
        writer.endSection("empty")
        try writer.append([4])
        try writer.append([5])
        writer.endSection("last")
        try writer.finish()
        try body(path)
    }

    private func fault(_ path: String, _ expected: PartFile.Header? = nil) -> PartFile.Fault? {
        do {
            _ = try PartFile(path, of: expected ?? header)
            return nil
        } catch {
            return error as? PartFile.Fault
        }
    }

    @Test func `Sections are read as they were written`() throws {
        try withPart { path in
            let part = try PartFile(path, of: header)
            for (name, bytes) in [("first", [1, 2, 3]), ("empty", []), ("last", [4, 5])]
                as [(String, [UInt8])]
            {
                let range = try #require(part.range(of: name))
                #expect(try part.bytes(range) == bytes)
            }
            #expect(part.range(of: "other") == nil)
            #expect(try part.copy("last", to: path + ".copy"))
            #expect(try RandomAccessFile.content(path + ".copy") == [4, 5])
            #expect(try !part.copy("other", to: path + ".other"))
        }
    }

    @Test func `Every shorter file is short, and none is read`() throws {
        try withPart { path in
            let whole = try RandomAccessFile.content(path)
            for count in 0..<whole.count {
                try Data(whole[..<count]).write(to: URL(filePath: path))
                #expect(fault(path) == .short)
            }
        }
    }

    @Test func `Every changed bit of the content or the header is found`() throws {
        try withPart { path in
            let whole = try RandomAccessFile.content(path)
            for place in whole.indices {
                var changed = whole
                changed[place] ^= 1
                try Data(changed).write(to: URL(filePath: path))
                #expect(fault(path) != nil, "byte \(place)")
            }
        }
    }

    @Test func `A file of another plan, stage or shard is foreign, and none is missing`() throws {
        try withPart { path in
            #expect(fault(path) == nil)
            for other in [
                PartFile.Header(plan: "b2", stage: "catalogue", index: 3, shards: 5),
                PartFile.Header(plan: "a1", stage: "groups", index: 3, shards: 5),
                PartFile.Header(plan: "a1", stage: "catalogue", index: 2, shards: 5),
                PartFile.Header(plan: "a1", stage: "catalogue", index: 3, shards: 6),
            ] {
                #expect(fault(path, other) == .foreign)
            }
            #expect(fault(path + "x") == .missing)
        }
    }

    @Test func `Lines of packed files are read as they were written`() {
        let line = PackedFiles.Line(size: 12, source: .init(high: 1, low: .max), path: "a b/c.html")
        #expect(line.text == "12 0000000000000001ffffffffffffffff a b/c.html\n")
        #expect(PackedFiles.Line(line.text.dropLast()) == line)
        let other = PackedFiles.Line(size: 0, source: nil, path: "x")
        #expect(PackedFiles.Line(other.text.dropLast()) == other)
        for text in [
            "", "12", "12 -", "-1 - a", "x - a", "1 0 a",
            "1 \(String(repeating: "g", count: 32)) a",
        ] {
            #expect(PackedFiles.Line(text[...]) == nil)
        }
    }
}

import Foundation
import Testing

@testable import Archives

/// Archives that are changed byte by byte. Whole archives of other programs are read in
/// `Tests/Peers/test_archives.py`.
@Suite final class ZipArchiveTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "geoatlas-zip-\(UUID().uuidString)")
    private let files: [(name: String, bytes: [UInt8])] = [
        ("gneiss/a.txt", Array("first".utf8)), ("b.txt", Array("second".utf8)),
        ("c.txt", []),
    ]

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) }
    }

    private func opened(_ bytes: [UInt8]) throws -> ZipArchive {
        let file = folder.appending(path: "\(UUID().uuidString).zip")
        try Data(bytes).write(to: file)
        return try ZipArchive(file.path)
    }

    private func written() throws -> [UInt8] { try #require(ZipWriter.archive(of: files)) }

    private func content(_ archive: ZipArchive) -> [String: Result<[UInt8], ZipFault>] {
        var found: [String: Result<[UInt8], ZipFault>] = [:]
        for entry in archive.entries {
            let name = String(decoding: entry.rawName, as: UTF8.self)
            do {
                found[name] = .success(try archive.bytes(of: entry, limit: 100))
            } catch let fault as ZipFault {
                found[name] = .failure(fault)
            } catch {
                Issue.record(error)
            }
        }
        return found
    }

    /// Position of the record of the entry in the directory.
    private func record(_ index: Int, in bytes: [UInt8]) -> Int {
        let signature: [UInt8] = [0x50, 0x4B, 0x01, 0x02]
        return bytes.indices.filter { bytes[$0...].starts(with: signature) }[index]
    }

    @Test("What was written is read, also with bytes in front of it and behind it")
    func whole() throws {
        let bytes = try written()
        for (front, back) in [(0, 0), (1, 0), (5_000, 0), (0, 70_000), (77, 3)] {
            let archive = try opened(
                Array("x".utf8) * front + bytes + Array("y".utf8) * back)
            let found = content(archive)
            #expect(found.count == 3)
            for file in files { #expect(found[file.name] == .success(file.bytes)) }
            #expect(archive.missing == 0)
        }
    }

    @Test("A fault belongs to one entry, and the others are read")
    func faults() throws {
        let good = try written()
        let first = record(0, in: good)
        let changes: [(String, (inout [UInt8]) -> Void, ZipFault)] = [
            ("content", { $0[30 + 12] ^= 1 }, .wrongChecksum),
            ("local header", { $0[0] = 0 }, .noHeader),
            ("encrypted", { $0[first + 8] |= 1 }, .encrypted),
            ("method", { $0[first + 10] = 9 }, .unknownMethod(9)),
            ("method of the stream", { $0[first + 10] = 8 }, .damagedStream),
            ("packed size", { $0[first + 20] = 200 }, .overlap(other: "b.txt")),
            ("size", { $0[first + 24] = 6 }, .cutShort),
            ("smaller size", { $0[first + 24] = 4 }, .wrongSize),
            ("larger than wanted", { $0[first + 24] = 101 }, .tooLarge),
            (
                "size elsewhere",
                { $0.replaceSubrange(first + 20..<first + 24, with: [255, 255, 255, 255]) },
                .damagedRecord
            ),
            ("position", { $0[first + 44] = 1 }, .beyondEnd),
            ("length of the name", { $0[first + 28] = 90 }, .damagedRecord),
            ("length of the extra field", { $0[first + 30] = 1 }, .damagedRecord),
        ]
        for (what, change, fault) in changes {
            var bytes = good
            change(&bytes)
            let archive = try opened(bytes)
            let found = content(archive)
            #expect(archive.entries.count == 3, "\(what)")
            #expect(found.values.filter { $0 == .failure(fault) }.count == 1, "\(what)")
            #expect(found["b.txt"] == .success(files[1].bytes), "\(what)")
            #expect(found["c.txt"] == .success([]), "\(what)")
        }
    }

    @Test("A record that is gone is counted as missing")
    func missing() throws {
        var bytes = try written()
        bytes[record(1, in: bytes)] = 0
        let archive = try opened(bytes)
        // The record before it does not end where another begins.
        #expect(archive.entries.map(\.fault) == [.damagedRecord, nil])
        #expect(archive.missing == 1)
    }

    @Test("Two entries at one place are not both read")
    func overlap() throws {
        var bytes = try written()
        let (first, second) = (record(0, in: bytes), record(1, in: bytes))
        bytes.replaceSubrange(second + 42..<second + 46, with: bytes[first + 42..<first + 46])
        #expect(content(try opened(bytes))["b.txt"] == .failure(.overlap(other: "gneiss/a.txt")))
    }

    @Test("Files that are no archive, or only a part of one, say what they are")
    func refusals() throws {
        let bytes = try written()
        #expect(throws: ArchiveError.notAnArchive) { try opened([]) }
        #expect(throws: ArchiveError.notAnArchive) { try opened(Array("PK, but no archive".utf8)) }
        #expect(throws: ArchiveError.cutShort(whole: 1, next: "b.txt")) {
            try opened(Array(bytes.prefix(85)))
        }
        #expect(throws: ArchiveError.split) {
            try opened([0x50, 0x4B, 0x07, 0x08] + bytes.prefix(50))
        }
        var part = bytes
        part[part.count - 18] = 1
        #expect(throws: ArchiveError.split) { try opened(part) }
    }

    @Test("An entry that the examination refuses is not unpacked further")
    func examination() throws {
        struct Refusal: Error {}
        let archive = try opened(try written())
        #expect(throws: Refusal.self) {
            try archive.bytes(of: archive.entries[0], limit: 100, beginningLength: 3) { beginning in
                #expect(beginning == Array("fir".utf8))
                throw Refusal()
            }
        }
        #expect(try archive.beginning(of: archive.entries[0], count: 2) == Array("fi".utf8))
    }

    @Test("Archives with changed bytes never stop the program, and no entry gets lost")
    func mutations() throws {
        let good = try written()
        var state: UInt64 = 1
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<300 {
            var bytes = good
            for _ in 0...random(3) { bytes[random(bytes.count)] = UInt8(random(256)) }
            do {
                let archive = try opened(bytes)
                _ = content(archive)
                #expect(archive.entries.count + archive.missing >= 3)
            } catch {
                #expect(error is ArchiveError)
            }
        }
    }
}

extension [UInt8] {
    fileprivate static func * (bytes: Self, count: Int) -> Self {
        Self((0..<count).flatMap { _ in bytes })
    }
}

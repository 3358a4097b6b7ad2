import Files
import Fingerprint
import Foundation

/// What a shard has made: one file with several sections, for example one for each entry of the workspace
/// that its stage makes.
///
/// After the sections follow a header in JSON, its length and the low half of its digest as 8 bytes each,
/// least significant first, and `mark`. So a file that is too short has no header, and a complete one says
/// which shard of which plan it is from.
struct PartFile {
    /// The last bytes of a complete file.
    static let mark = Array("GEOPART1".utf8)

    let path: String
    let header: Header
    private let file: RandomAccessFile

    struct Header: Codable, Equatable {
        /// Digest of the plan.
        let plan: String
        let stage: String
        let index: Int
        /// Number of shards of the stage.
        let shards: Int
        var sections: [Section] = []
        /// Digest of all sections.
        var digest = ""

        /// Bytes of all sections.
        var length: Int { sections.reduce(0) { $0 + $1.length } }
    }

    /// Sections follow each other without gaps.
    struct Section: Codable, Equatable {
        let name: String
        let length: Int
    }

    /// Why a file is not the output of a shard.
    enum Fault: String, Encodable, Sendable {
        case missing
        /// Incomplete.
        case short
        /// Of another plan, stage or shard.
        case foreign
        /// Its content is not what its shard wrote.
        case damaged
    }

    /// Opens the output of a shard.
    /// - Parameters:
    ///   - expected: the shard; sections and digest are not compared.
    ///   - isVerified: whether the content was compared with its digest before.
    /// - Throws: `Fault`, or `FileError` for a file that cannot be read.
    init(_ path: String, of expected: Header, isVerified: Bool = false) throws {
        guard FileManager.default.fileExists(atPath: path) else { throw Fault.missing }
        file = try RandomAccessFile(path)
        self.path = path
        let tail = try file.bytes(at: max(0, file.size - Self.tailLength), count: Self.tailLength)
        guard tail.count == Self.tailLength, Array(tail.suffix(Self.mark.count)) == Self.mark else {
            throw Fault.short
        }
        let (length, digest) = (Self.number(tail[..<8]), Self.number(tail[8..<16]))
        guard length < UInt64(file.size) else { throw Fault.short }
        let start = file.size - Self.tailLength - Int(length)
        guard start >= 0 else { throw Fault.damaged }
        let json = try file.bytes(at: start, count: Int(length))
        guard Fingerprint(of: json).low == digest,
            let header = try? JSONDecoder().decode(Header.self, from: Data(json))
        else { throw Fault.damaged }
        guard header.plan == expected.plan, header.stage == expected.stage,
            header.index == expected.index, header.shards == expected.shards
        else { throw Fault.foreign }
        guard header.length == start else { throw Fault.damaged }
        self.header = header
        if !isVerified, Self.digest(of: path, count: start) != header.digest { throw Fault.damaged }
    }

    /// What is wrong with the output of a shard; `nil` if it is complete.
    /// - Throws: `FileError` for a file that cannot be read.
    static func fault(_ path: String, of expected: Header) throws -> Fault? {
        do {
            _ = try PartFile(path, of: expected)
            return nil
        } catch let fault as Fault {
            return fault
        }
    }

    /// Bytes after the header.
    private static let tailLength = 16 + mark.count

    /// The number in 8 bytes.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The bytes of a number.
    fileprivate static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// The range of a section in the file; `nil` without such a section.
    func range(of name: String) -> Range<Int>? {
        var start = 0
        for section in header.sections {
            if section.name == name { return start..<start + section.length }
            start += section.length
        }
        return nil
    }

    /// Bytes of the file.
    func bytes(_ range: Range<Int>) throws -> [UInt8] {
        try file.bytes(at: range.lowerBound, count: range.count)
    }

    /// Copies a section to a file.
    /// - Returns: whether there is such a section.
    func copy(_ name: String, to path: String) throws -> Bool {
        guard let range = range(of: name) else { return false }
        let copy = try GrowingFile(path, tag: "copy")
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
            try copy.append(bytes(start..<min(range.upperBound, start + Self.block)))
        }
        try copy.finish()
        return true
    }

    /// Bytes that are copied at a time.
    private static let block = 1 << 22

    /// Digest of the first bytes of a file.
    fileprivate static func digest(of path: String, count: Int) -> String {
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
            data.count >= count
        else { return "" }
        return data.withUnsafeBytes {
            Fingerprint(of: UnsafeRawBufferPointer(rebasing: $0.prefix(count))).hex
        }
    }
}

extension PartFile.Fault: Error {}

/// Writes a `PartFile`.
final class PartWriter {
    private let file: GrowingFile
    private var header: PartFile.Header
    private var written = 0
    private var sectionStart = 0

    /// - Parameter header: of the shard, without sections.
    /// - Throws: `FileError`.
    init(_ path: String, _ header: PartFile.Header) throws {
        try Folders.make(Paths.parent(of: path))
        file = try GrowingFile(path, tag: Self.tag)
        self.header = header
    }

    /// What no other process that makes the same shard has: its host and its number.
    static var tag: String {
        "\(ProcessInfo.processInfo.hostName.filter { $0 != "/" }).\(getpid())"
    }

    /// Appends bytes to the section that is open.
    func append(_ bytes: [UInt8]) throws {
        try file.append(bytes)
        written += bytes.count
    }

    /// Ends a section; the next one begins.
    func endSection(_ name: String) {
        header.sections.append(.init(name: name, length: written - sectionStart))
        sectionStart = written
    }

    /// Adds the content of a file as a section.
    func add(_ name: String, contentOf path: String) throws {
        let content = try RandomAccessFile(path)
        for start in stride(from: 0, to: content.size, by: 1 << 22) {
            try append(content.bytes(at: start, count: 1 << 22))
        }
        endSection(name)
    }

    /// Writes the header and gives the file its name.
    func finish() throws {
        header.digest = PartFile.digest(of: file.partial, count: written)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = Array(try encoder.encode(header))
        try file.append(
            json + PartFile.bytes(of: UInt64(json.count))
                + PartFile.bytes(of: Fingerprint(of: json).low) + PartFile.mark)
        try file.finish()
    }
}

import Fingerprint
import Foundation
import Parallel
import Site
import Synchronization

/// Files of an atlas in the output of a shard: the section `files` has their content, one after another,
/// and the section `index` one line for each.
enum PackedFiles {
    static let files = "files"
    static let index = "index"

    /// A file: `1234 99aa06d3014798d86001c324468d497f image/a.html`, its size, its source or `-`, and its path.
    struct Line: Equatable {
        let size: Int
        let source: Fingerprint?
        let path: String

        var text: String { "\(size) \(source?.hex ?? "-") \(path)\n" }

        init(size: Int, source: Fingerprint?, path: String) {
            self.size = size
            self.source = source
            self.path = path
        }

        /// - Returns: `nil` for a line that is none.
        init?(_ text: Substring) {
            let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, let size = Int(words[0]), size >= 0 else { return nil }
            self.size = size
            path = String(words[2])
            if words[1] == "-" {
                source = nil
            } else {
                guard let known = Fingerprint(hex: String(words[1])) else { return nil }
                source = known
            }
        }
    }
}

/// Receives the files of an atlas and packs them.
final class FilePack: Sendable {
    private let share: Share
    private let append: @Sendable ([UInt8]) throws -> Void
    private let lines = Mutex<[PackedFiles.Line]>([])

    /// - Parameter append: adds bytes to the section of files; not called by two threads at once.
    init(_ share: Share, append: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.share = share
        self.append = append
    }

    /// Packs every file.
    var sink: Sink { Sink(write: { try self.write($0, $1, from: $2) }) }

    /// Packs the files that belong to the share by their paths. Another file counts as one that need not be
    /// made.
    var sinkOfShare: Sink {
        Sink(
            keep: { path, _ in !self.owns(path) },
            write: { if self.owns($0) { try self.write($0, $1, from: $2) } })
    }

    private func owns(_ path: String) -> Bool {
        Fingerprint(of: path).low % UInt64(share.count) == UInt64(share.index)
    }

    private func write(_ path: String, _ bytes: [UInt8], from source: Fingerprint?) throws {
        try lines.withLock { lines in
            try append(bytes)
            lines.append(.init(size: bytes.count, source: source, path: path))
        }
    }

    /// The section `index`.
    var index: [UInt8] { lines.withLock { Array($0.map(\.text).joined().utf8) } }
}

extension PartMaking {
    /// Packs files of the atlas.
    /// - Parameter body: makes the files.
    func pack(_ body: (FilePack) throws -> Void) throws {
        nonisolated(unsafe) let writer = writer
        // `FilePack` appends under a lock.
        let pack = FilePack(share) { try writer.append($0) }
        try body(pack)
        writer.endSection(PackedFiles.files)
        try writer.append(pack.index)
        writer.endSection(PackedFiles.index)
    }
}

extension PartMerging {
    /// The files of all shards.
    /// - Throws: `AtlasError.partLacksResult`, or `FileError`.
    func files() throws -> RenderedPages {
        var lines: [PackedFiles.Line] = []
        var places: [(part: Int, start: Int)] = []
        for (number, part) in parts.enumerated() {
            guard let files = part.range(of: PackedFiles.files),
                let index = part.range(of: PackedFiles.index)
            else { throw AtlasError.partLacksResult(path: part.path, result: "pages") }
            var start = files.lowerBound
            let text = String(decoding: try part.bytes(index), as: UTF8.self)
            for line in text.split(separator: "\n") {
                guard let file = PackedFiles.Line(line), start + file.size <= files.upperBound
                else {
                    throw AtlasError.partLacksResult(path: part.path, result: String(line))
                }
                lines.append(file)
                places.append((number, start))
                start += file.size
            }
        }
        let (parts, starts, sizes) = (parts, places, lines.map(\.size))
        return RenderedPages(
            paths: lines.map(\.path), sources: lines.map(\.source),
            bytes: { index in
                let (part, start) = starts[index]
                return try parts[part].bytes(start..<start + sizes[index])
            })
    }
}

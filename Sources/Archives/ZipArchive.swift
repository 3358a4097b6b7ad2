import Compression
import Files

/// A zip archive, opened for reading. Nothing is ever written to a name in it.
///
/// An entry that is damaged is reported with its name, and the others are read. May be used from
/// several threads.
package final class ZipArchive: Sendable {
    /// In the order of the directory. Folders are entries too.
    package let entries: [ZipEntry]
    /// Number of entries that the end of the archive counts and the directory does not have.
    package let missing: Int
    private let file: RandomAccessFile

    /// Opens an archive and reads its directory.
    ///
    /// Bytes in front of the archive, as in a program that unpacks itself, do not matter.
    /// - Throws: `ArchiveError`.
    package init(_ path: String) throws(ArchiveError) {
        do {
            let file = try RandomAccessFile(path)
            self.file = file
            let directory = try ZipDirectory(fileSize: file.size) {
                try file.bytes(at: $0, count: $1)
            }
            let records = ZipRecords(
                try file.bytes(at: directory.start, count: directory.size), shift: directory.shift)
            entries = ZipLayout.checked(records.entries, end: directory.start)
            let found = UInt64(entries.count)
            missing = directory.count > found ? Int(clamping: directory.count - found) : 0
        } catch let error as FileError {
            throw .unreadable(reason: error.reason)
        } catch let error as ArchiveError {
            throw error
        } catch {
            preconditionFailure("reading an archive throws nothing else: \(error)")
        }
    }

    /// The content of an entry.
    /// - Parameters:
    ///   - limit: most bytes; an entry with more is not unpacked.
    ///   - beginningLength: number of bytes that `examine` wants to see.
    ///   - examine: receives the first bytes, before the others are unpacked. What it throws stops
    ///     the reading.
    /// - Throws: `ZipFault`, `FileError`, and what `examine` throws.
    package func bytes(
        of entry: ZipEntry, limit: Int, beginningLength: Int = 0,
        examine: ([UInt8]) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        if let size = entry.size, size > UInt64(limit) { throw ZipFault.tooLarge }
        var content = ZipContent(entry, limit: limit)
        var examined = false
        try withoutActuallyEscaping(examine) { examine in
            try unpack(entry) { piece in
                try content.add(piece)
                if !examined, content.bytes.count >= beginningLength {
                    examined = true
                    try examine(Array(content.bytes.prefix(beginningLength)))
                    content.reserve()
                }
                return true
            }
        }
        if !examined { try examine(content.bytes) }
        try content.check()
        return content.bytes
    }

    /// The first bytes of an entry, without unpacking the others; fewer if it is shorter. Their
    /// checksum is not checked.
    /// - Throws: `ZipFault`, `FileError`.
    package func beginning(of entry: ZipEntry, count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try unpack(entry) { piece in
            bytes += piece.prefix(count - bytes.count)
            return bytes.count < count
        }
        return bytes
    }

    /// Packed bytes are read in pieces of at most this size.
    private static let pieceSize = 1 << 17

    private func unpack(
        _ entry: ZipEntry, to sink: @escaping (UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        if let fault = entry.obstacle { throw fault }
        guard let method = entry.method else { throw ZipFault.unknownMethod(entry.methodNumber) }
        let file = file
        guard
            let header = try ZipLocalHeader(
                at: Int(entry.offset), fileSize: file.size, { try file.bytes(at: $0, count: $1) })
        else { throw ZipFault.noHeader }
        var position = header.dataStart
        var left = entry.packedSize.map { Int(clamping: $0) } ?? Int.max
        // Without sizes, only a stream that marks its end can be read.
        if entry.packedSize == nil, method == .stored { throw ZipFault.damagedRecord }
        do {
            try Unpacking.run(
                method, size: entry.size,
                from: {
                    let piece = try file.bytes(at: position, count: min(left, Self.pieceSize))
                    position += piece.count
                    left -= piece.count
                    return piece
                }, to: sink)
        } catch let error as UnpackingError {
            throw switch error {
            case .cutShort: ZipFault.cutShort
            case .damaged: ZipFault.damagedStream
            case .tooMuchMemory: ZipFault.tooMuchMemory
            }
        }
    }
}

/// The unpacked bytes of an entry so far.
private struct ZipContent {
    private let entry: ZipEntry
    private let limit: Int
    private(set) var bytes: [UInt8] = []
    private var checksum = CRC32()

    /// Files up to this size are pictures for all that the sizes tell.
    private static let harmlessSize = 64 << 20
    /// A larger file that unpacks to more than this many times its size is no picture. A blank scan
    /// without compression can reach about 500.
    private static let largestRatio = 500

    init(_ entry: ZipEntry, limit: Int) {
        self.entry = entry
        self.limit = limit
    }

    /// Makes room for the whole file, once it is wanted.
    mutating func reserve() {
        guard let size = entry.size, size <= UInt64(limit) else { return }
        bytes.reserveCapacity(min(Int(size), Self.harmlessSize))
    }

    /// - Throws: `ZipFault` if the file becomes larger than it may.
    mutating func add(_ piece: UnsafeRawBufferPointer) throws {
        bytes += piece
        checksum.add(piece)
        if let size = entry.size, bytes.count > size { throw ZipFault.wrongSize }
        if bytes.count > limit { throw ZipFault.tooLarge }
        if bytes.count > Self.harmlessSize, let packed = entry.packedSize,
            UInt64(bytes.count / Self.largestRatio) > packed
        {
            throw ZipFault.expandsTooFar
        }
    }

    /// - Throws: `ZipFault` if the file is not what the directory says.
    func check() throws {
        if let size = entry.size, bytes.count != size {
            throw entry.method == .stored ? ZipFault.cutShort : .wrongSize
        }
        guard checksum.value == entry.checksum else { throw ZipFault.wrongChecksum }
    }
}

/// The directory of a zip archive: finds it at the end of the file, and reads its records.
///
/// Whatever contradicts itself becomes a fault of one entry; the others are read. Source: PKWARE,
/// "APPNOTE.TXT", 4.3 and 4.5.
struct ZipDirectory {
    /// Reads a part of the file; fewer bytes at its end.
    typealias Read = (_ offset: Int, _ count: Int) throws -> [UInt8]

    /// Position of the first record in the file.
    let start: Int
    /// Size in bytes.
    let size: Int
    /// Number of bytes in front of the archive, which its positions do not count.
    let shift: Int
    /// Number of entries according to the end of the archive.
    let count: UInt64

    /// The end record is shorter than this, with the longest comment.
    private static let endLimit = 22 + 65_535
    /// Other programs append this much at most, for example a signature or padding.
    private static let appendedLimit = 1 << 20

    /// - Parameter fileSize: in bytes.
    /// - Throws: `ArchiveError`, and what `read` throws.
    init(fileSize: Int, _ read: Read) throws {
        let tailStart = max(0, fileSize - Self.endLimit - Self.appendedLimit)
        let tail = ZipFields(try read(tailStart, fileSize - tailStart)[...])
        var found: Bool = false
        var position = tail.bytes.count - 22
        var best: ZipDirectory?
        while position >= 0 {
            if tail.bytes[position] == 0x50, tail.word(position) == ZipSignature.end {
                found = true
                best = try Self.candidate(tail, position, tailStart, read)
                if best != nil { break }
            }
            position -= 1
        }
        guard let best else {
            guard found else { throw try Self.withoutEnd(fileSize, read) }
            throw ArchiveError.noDirectory
        }
        self = best
    }

    private init(start: Int, size: Int, shift: Int, count: UInt64) {
        self.start = start
        self.size = size
        self.shift = shift
        self.count = count
    }

    /// The directory that an end record describes; `nil` if there is none.
    /// - Throws: `ArchiveError.split`, `.hiddenDirectory`.
    private static func candidate(
        _ tail: ZipFields, _ position: Int, _ tailStart: Int, _ read: Read
    ) throws -> ZipDirectory? {
        guard let disk = tail.short(position + 4), let directoryDisk = tail.short(position + 6),
            var count = tail.short(position + 10).map({ UInt64($0) }),
            var size = tail.word(position + 12).map({ UInt64($0) }),
            var offset = tail.word(position + 16).map({ UInt64($0) })
        else { return nil }
        var end = tailStart + position
        if let place = try end64(before: end, read) {
            let record = ZipFields(try read(place, 56)[...])
            guard let longCount = record.long(32), let longSize = record.long(40),
                let longOffset = record.long(48)
            else { return nil }
            (count, size, offset, end) = (longCount, longSize, longOffset, place)
        } else if disk != 0 && disk != .max || directoryDisk != 0 && directoryDisk != .max {
            throw ArchiveError.split
        }
        guard let length = Int(exactly: size), let given = Int(exactly: offset) else { return nil }
        // The directory ends where the end record begins. If something was put in front of the
        // archive, the given position is too small.
        let starts = [end - length, given].filter { $0 >= 0 && $0 <= end }
        for start in starts {
            let begin = ZipFields(try read(start, 4)[...])
            let isEmpty = count == 0 && length == 0
            guard isEmpty || begin.word(0) == ZipSignature.directoryRecord else { continue }
            return ZipDirectory(
                start: start, size: end - start, shift: max(0, start - given), count: count)
        }
        if let hidden = starts.first, count > 0 {
            let header = ZipFields(try read(hidden, 4)[...])
            // The strong encryption of PKWARE (APPNOTE.TXT, 7.3.4) writes such a record first.
            if header.word(0) == 0x0806_4B50 { throw ArchiveError.hiddenDirectory }
        }
        guard count > 0, let start = try firstRecord(in: tail, tailStart, before: end, read) else {
            return nil
        }
        return ZipDirectory(start: start, size: end - start, shift: 0, count: count)
    }

    /// Position of the first record that leads to a file, for an archive whose end record or first
    /// record is damaged; `nil` if there is none near the end.
    private static func firstRecord(
        in tail: ZipFields, _ tailStart: Int, before end: Int, _ read: Read
    ) throws -> Int? {
        var position = tail.position(of: ZipSignature.directoryRecord, from: 0)
        while let place = position, tailStart + place < end {
            if let offset = tail.word(place + 42) {
                let header = ZipFields(try read(Int(offset), 4)[...])
                if header.word(0) == ZipSignature.localHeader { return tailStart + place }
            }
            position = tail.position(of: ZipSignature.directoryRecord, from: place + 4)
        }
        return nil
    }

    /// Position of the end record for large archives; `nil` without one.
    private static func end64(before end: Int, _ read: Read) throws -> Int? {
        let locator = ZipFields(try read(max(0, end - 20), 20)[...])
        guard end >= 20, locator.word(0) == ZipSignature.end64Locator,
            let offset = locator.long(8)
        else { return nil }
        // The second place is right if something was put in front of the archive.
        for place in [Int(exactly: offset), end - 20 - 56].compactMap({ $0 }) where place >= 0 {
            if ZipFields(try read(place, 4)[...]).word(0) == ZipSignature.end64 { return place }
        }
        return nil
    }

    /// What to say of a file that has no end record.
    private static func withoutEnd(_ fileSize: Int, _ read: Read) throws -> ArchiveError {
        let begin = ZipFields(try read(0, 4)[...])
        switch begin.word(0) {
        case ZipSignature.spanned?: return .split
        case ZipSignature.localHeader?: break
        default: return .notAnArchive
        }
        var position = 0
        var whole = 0
        var next: String?
        while let header = try ZipLocalHeader(at: position, fileSize: fileSize, read) {
            next = String(decoding: header.rawName, as: UTF8.self)
            guard let end = header.end, end <= fileSize else { break }
            (position, next) = (end, nil)
            if header.rawName.last != UInt8(ascii: "/") { whole += 1 }
        }
        return .cutShort(whole: whole, next: next)
    }
}

/// The header in front of the data of an entry.
struct ZipLocalHeader {
    let rawName: [UInt8]
    /// Position of the data in the file.
    let dataStart: Int
    /// Position after the data; `nil` if the header does not say its size.
    let end: Int?

    static let fixedSize = 30

    /// `nil` if there is no header at `position`.
    init?(at position: Int, fileSize: Int, _ read: ZipDirectory.Read) throws {
        guard position >= 0, position < fileSize else { return nil }
        // Enough for most names, so that one call is enough.
        let fields = ZipFields(try read(position, Self.fixedSize + 256)[...])
        guard fields.word(0) == ZipSignature.localHeader, let flags = fields.short(6),
            let size = fields.word(18), let nameLength = fields.short(26),
            let extraLength = fields.short(28)
        else { return nil }
        let name =
            try fields.part(Self.fixedSize, Int(nameLength)).map { Array($0) }
            ?? read(position + Self.fixedSize, Int(nameLength))
        guard name.count == Int(nameLength) else { return nil }
        rawName = name
        dataStart = position + Self.fixedSize + Int(nameLength) + Int(extraLength)
        // Bit 3: the size follows the data.
        end = flags & 8 != 0 || size == .max ? nil : dataStart + Int(size)
    }
}

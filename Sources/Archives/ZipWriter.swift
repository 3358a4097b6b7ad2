import Compression

/// Writes a zip archive whose bytes depend only on its files.
package enum ZipWriter {
    /// Stores files without compression, because pictures are already compressed.
    ///
    /// The time of each file is the earliest that the format knows, so that the archive is always the
    /// same.
    /// - Parameter files: names in UTF-8, `/` between folders.
    /// - Returns: the archive; `nil` if it would be larger than 4 GiB.
    package static func archive(of files: [(name: String, bytes: [UInt8])]) -> [UInt8]? {
        var archive: [UInt8] = []
        archive.reserveCapacity(
            files.reduce(22) { $0 + $1.bytes.count + 2 * $1.name.utf8.count + 76 })
        var directory: [UInt8] = []
        for file in files {
            guard let offset = UInt32(exactly: archive.count),
                let size = UInt32(exactly: file.bytes.count)
            else { return nil }
            let facts = Self.facts(CRC32(file.bytes).value, size, file.name)
            archive.add(ZipSignature.localHeader)
            archive += facts
            archive += file.name.utf8
            archive += file.bytes
            directory.add(ZipSignature.directoryRecord)
            directory.add(UInt16(versionNeeded))
            directory += facts
            // Comment, disk, attributes.
            directory += [UInt8](repeating: 0, count: 10)
            directory.add(offset)
            directory += file.name.utf8
        }
        guard let start = UInt32(exactly: archive.count),
            let size = UInt32(exactly: directory.count)
        else { return nil }
        archive += directory
        if files.count >= 0xFFFF { archive += end64(files.count, size: size, start: start) }
        archive.add(ZipSignature.end)
        archive.add(UInt32(0))
        let count = UInt16(min(files.count, 0xFFFF))
        archive.add(count)
        archive.add(count)
        archive.add(size)
        archive.add(start)
        archive.add(UInt16(0))
        return archive
    }

    /// Version 2.0 of the format.
    private static let versionNeeded = 20

    /// What the header and the record of a file have in common.
    private static func facts(_ checksum: UInt32, _ size: UInt32, _ name: String) -> [UInt8] {
        var facts: [UInt8] = []
        facts.add(UInt16(versionNeeded))
        // Bit 11: the name is in UTF-8.
        facts.add(UInt16(1 << 11))
        facts.add(PackingMethod.stored.rawValue)
        facts.add(UInt16(0))
        // 1 January 1980.
        facts.add(UInt16(1 << 5 | 1))
        facts.add(checksum)
        facts.add(size)
        facts.add(size)
        facts.add(UInt16(name.utf8.count))
        facts.add(UInt16(0))
        return facts
    }

    /// The records for more entries than 16 bits can count (APPNOTE.TXT, 4.3.14 and 4.3.15).
    private static func end64(_ count: Int, size: UInt32, start: UInt32) -> [UInt8] {
        var end: [UInt8] = []
        end.add(ZipSignature.end64)
        end.add(UInt64(44))
        end.add(UInt16(45))
        end.add(UInt16(45))
        end.add(UInt64(0))
        end.add(UInt64(count))
        end.add(UInt64(count))
        end.add(UInt64(size))
        end.add(UInt64(start))
        end.add(ZipSignature.end64Locator)
        end.add(UInt32(0))
        end.add(UInt64(start) + UInt64(size))
        end.add(UInt32(1))
        return end
    }
}

extension [UInt8] {
    /// Adds a number, lowest byte first.
    fileprivate mutating func add<Number: FixedWidthInteger>(_ number: Number) {
        for byte in 0..<Number.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: number >> Number(8 * byte)))
        }
    }
}

import Compression

/// The records of the directory of a zip archive.
struct ZipRecords {
    private(set) var entries: [ZipEntry] = []

    private let fields: ZipFields
    /// Number of bytes in front of the archive, which its positions do not count.
    private let shift: Int

    private static let fixedSize = 46

    /// - Parameters:
    ///   - bytes: the whole directory.
    ///   - shift: number of bytes in front of the archive.
    init(_ bytes: [UInt8], shift: Int) {
        fields = ZipFields(bytes[...])
        self.shift = shift
        var position = 0
        while position < bytes.count {
            guard fields.word(position) == ZipSignature.directoryRecord else {
                // The records may be followed by a signature, or by nothing that is known.
                guard
                    let next = fields.position(
                        of: ZipSignature.directoryRecord, from: position + 1)
                else { break }
                position = next
                continue
            }
            position = add(at: position)
        }
    }

    /// Adds the record at `position`.
    /// - Returns: the position after it.
    private mutating func add(at position: Int) -> Int {
        guard let nameLength = fields.short(position + 28),
            let extraLength = fields.short(position + 30),
            let commentLength = fields.short(position + 32), var entry = entry(at: position)
        else { return fields.bytes.count }
        let nameStart = position + Self.fixedSize
        let end = nameStart + Int(nameLength) + Int(extraLength) + Int(commentLength)
        let isWhole = isRecord(at: end)
        if isWhole, let name = fields.part(nameStart, Int(nameLength)),
            let extra = fields.part(nameStart + Int(nameLength), Int(extraLength))
        {
            entry.rawName = Array(name)
            entry.read(extra: ZipFields(extra))
            if let sum = entry.offset.addingUnlessTooLarge(shift) {
                entry.offset = sum
            } else {
                entry.fault = .beyondEnd
            }
            entries.append(entry)
            return end
        }
        // One of the lengths is wrong. The next record is searched for.
        entry.fault = .damagedRecord
        if let sum = entry.offset.addingUnlessTooLarge(shift) { entry.offset = sum }
        let next =
            fields.position(of: ZipSignature.directoryRecord, from: position + 4)
            ?? fields.bytes.count
        entry.rawName = Array(fields.part(nameStart, min(Int(nameLength), next - nameStart)) ?? [])
        entries.append(entry)
        return next
    }

    /// Whether a record, or the end of the directory, is at `position`.
    private func isRecord(at position: Int) -> Bool {
        if position >= fields.bytes.count { return position == fields.bytes.count }
        let signature = fields.word(position)
        // 0x05054B50 begins a digital signature (APPNOTE.TXT, 4.3.13).
        return signature == ZipSignature.directoryRecord || signature == 0x0505_4B50
    }

    private func entry(at position: Int) -> ZipEntry? {
        guard let maker = fields.short(position + 4), let flags = fields.short(position + 8),
            let method = fields.short(position + 10), let checksum = fields.word(position + 16),
            let packed = fields.word(position + 20), let size = fields.word(position + 24),
            let attributes = fields.word(position + 38), let offset = fields.word(position + 42)
        else { return nil }
        var entry = ZipEntry(
            rawName: [], methodNumber: method, packedSize: UInt64(packed), size: UInt64(size),
            checksum: checksum, offset: UInt64(offset))
        // Bit 0: encrypted. Method 99: encrypted with AES, by WinZip and 7-Zip.
        entry.isEncrypted = flags & 1 != 0 || method == 99
        // The upper half has the mode of a Unix file if the maker is Unix (3) or macOS (19).
        let system = maker >> 8
        entry.isLink = (system == 3 || system == 19) && (attributes >> 16) & 0xF000 == 0xA000
        return entry
    }
}

extension ZipEntry {
    /// The number that says: the true one is in the extra field (APPNOTE.TXT, 4.5.3).
    private static let elsewhere = UInt64(UInt32.max)

    /// Takes sizes, position and name from the extra field of the record. Parts that cannot be read
    /// are left out; sizes that are missing become `nil`.
    fileprivate mutating func read(extra: ZipFields) {
        var position = 0
        var long: ZipFields?
        while let id = extra.short(position), let length = extra.short(position + 2),
            let data = extra.part(position + 4, Int(length))
        {
            switch id {
            case 0x0001: long = ZipFields(data)
            case 0x7075: readName(ZipFields(data))
            default: break
            }
            position += 4 + Int(length)
        }
        var next = 0
        func take() -> UInt64? {
            defer { next += 8 }
            return long?.long(next)
        }
        if size == Self.elsewhere { size = take() }
        if packedSize == Self.elsewhere { packedSize = take() }
        if offset == Self.elsewhere {
            guard let place = take() else {
                fault = .damagedRecord
                return
            }
            offset = place
        }
    }

    /// The field has a version, the checksum of the name in the record, and the name in UTF-8.
    private mutating func readName(_ field: ZipFields) {
        guard field.bytes.first == 1, field.word(1) == CRC32(rawName).value else { return }
        unicodeName = String(validating: field.bytes.dropFirst(5), as: UTF8.self)
    }
}

extension UInt64 {
    fileprivate func addingUnlessTooLarge(_ number: Int) -> UInt64? {
        let (sum, isTooLarge) = addingReportingOverflow(UInt64(number))
        return isTooLarge || sum > UInt64(Int.max / 2) ? nil : sum
    }
}

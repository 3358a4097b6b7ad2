import AtlasModel

/// The fields of an EXIF block (TIFF 6.0, section 2; CIPA DC-008, section 4.6). Wrong offsets give no
/// value.
struct ExifBlock {
    private let bytes: [UInt8]
    private let isLittle: Bool

    /// `nil` for bytes that are no TIFF structure.
    init?(_ tiff: ArraySlice<UInt8>) {
        guard tiff.count >= 8 else { return nil }
        bytes = Array(tiff)
        switch bytes.prefix(4) {
        case [0x49, 0x49, 0x2A, 0]: isLittle = true
        case [0x4D, 0x4D, 0, 0x2A]: isLittle = false
        default: return nil
        }
    }

    /// Numbers of fields.
    enum Tag: Int {
        case gpsDirectory = 0x8825
        // In the directory of the position.
        case latitude = 0x0002
        case longitude = 0x0004
    }

    /// An entry of a directory.
    struct Field {
        let type: Int
        let count: Int
        /// Place of the value, or of its offset.
        let place: Int
    }

    /// The first directory.
    var main: [Int: Field] { number(at: 4, size: 4).map(directory) ?? [:] }

    /// The directory that a field points to; empty without one.
    func directory(_ tag: Tag, of parent: [Int: Field]) -> [Int: Field] {
        parent[tag.rawValue].flatMap { number(at: $0.place, size: 4) }.map(directory) ?? [:]
    }

    private func directory(at offset: Int) -> [Int: Field] {
        guard let entries = number(at: offset, size: 2) else { return [:] }
        var fields: [Int: Field] = [:]
        for entry in 0..<entries {
            let place = offset + 2 + entry * 12
            guard let tag = number(at: place, size: 2), let type = number(at: place + 2, size: 2),
                let count = number(at: place + 4, size: 4)
            else { break }
            let field = Field(type: type, count: count, place: place + 8)
            fields[tag] = fields[tag] ?? field
        }
        return fields
    }

    private func number(at offset: Int, size: Int) -> Int? {
        guard offset >= 0, offset + size <= bytes.count else { return nil }
        let field = bytes[offset..<offset + size]
        return isLittle
            ? field.reversed().reduce(0) { $0 << 8 | Int($1) }
            : field.reduce(0) { $0 << 8 | Int($1) }
    }
}

extension ExifBlock {
    /// What removing an EXIF block removes.
    static func told(by tiff: ArraySlice<UInt8>) -> RemovedData {
        guard let block = ExifBlock(tiff) else { return .other }
        let place = block.directory(.gpsDirectory, of: block.main)
        // Cameras without a receiver write an empty directory.
        let hasPosition = [Tag.latitude, .longitude].contains { place[$0.rawValue]?.count ?? 0 > 0 }
        return hasPosition ? [.position, .other] : .other
    }

    /// A block with one field, the orientation, in big-endian byte order.
    static func block(_ orientation: Orientation) -> [UInt8] {
        [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1]
            + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation.value), 0, 0]
            + [0, 0, 0, 0]
    }

    /// The segment of a JPEG file with the orientation; `nil` for an upright picture.
    static func jpegSegment(_ orientation: Orientation) -> [UInt8]? {
        guard orientation != .upright else { return nil }
        let body = JPEGMarker.exif + block(orientation)
        return [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
    }

    /// The chunk of a PNG file with the orientation; `nil` for an upright picture.
    static func pngChunk(_ orientation: Orientation) -> [UInt8]? {
        guard orientation != .upright else { return nil }
        let body = Array("eXIf".utf8) + block(orientation)
        return [0, 0, 0, UInt8(body.count - 4)] + body + bigEndian(CRC32.of(body))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }
}

/// The checksum of PNG chunks (PNG, third edition, annex D).
enum CRC32 {
    /// Of the nine digits "123456789" it is CBF43926.
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 0 ? remainder >> 1 : 0xEDB8_8320 ^ (remainder >> 1)
            }
        }
        return ~remainder
    }
}

extension RemovedData {
    /// What removing a text or an unknown block removes. A position in XMP has the names of EXIF
    /// ("XMP Specification Part 2", section 3.1).
    init(text content: ArraySlice<UInt8>) {
        let hasPosition = ["GPSLatitude", "GPSLongitude"].contains { name in
            content.contains(sequence: Array(name.utf8))
        }
        self = hasPosition ? [.position, .other] : .other
    }
}

extension ArraySlice<UInt8> {
    /// Whether a sequence of bytes occurs. An empty one occurs everywhere.
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        guard let first = sequence.first else { return true }
        var rest = self
        while let place = rest.firstIndex(of: first) {
            rest = rest[place...]
            if rest.starts(with: sequence) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}

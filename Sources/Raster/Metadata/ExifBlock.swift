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
        case description = 0x010E
        case make = 0x010F
        case model = 0x0110
        case artist = 0x013B
        case copyright = 0x8298
        case exifDirectory = 0x8769
        case gpsDirectory = 0x8825
        // In the EXIF directory.
        case original = 0x9003
        case owner = 0xA430
        case bodySerial = 0xA431
        case lensSerial = 0xA435
        // In the directory of the position.
        case latitudeSign = 0x0001
        case latitude = 0x0002
        case longitudeSign = 0x0003
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

    /// The text of a field, without blanks and zeros around it; `nil` when it is empty or not text.
    ///
    /// The standard says ASCII. Programs write UTF-8, and older ones Latin-1.
    func text(_ tag: Tag, in fields: [Int: Field]) -> String? {
        guard let field = fields[tag.rawValue], field.type == 2 || field.type == 129,
            let start = field.count > 4 ? number(at: field.place, size: 4) : field.place,
            field.count <= Self.longestText, start + field.count <= bytes.count
        else { return nil }
        let stored = bytes[start..<start + field.count].prefix { $0 != 0 }
        let text =
            String(validating: stored, as: UTF8.self)
            ?? String(String.UnicodeScalarView(stored.map { Unicode.Scalar($0) }))
        let lines = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let isPlain = lines.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return lines.isEmpty || !isPlain ? nil : lines
    }

    /// Most bytes of a text that is read.
    private static let longestText = 2_000

    /// A coordinate in degrees, from three fractions and the letter of its direction.
    func degrees(_ tag: Tag, _ sign: Tag, limit: Double, in fields: [Int: Field]) -> Double? {
        guard let field = fields[tag.rawValue], field.type == 5, field.count == 3,
            let start = number(at: field.place, size: 4)
        else { return nil }
        var degrees = 0.0
        for (place, unit) in [1.0, 60, 3600].enumerated() {
            guard let above = number(at: start + 8 * place, size: 4),
                let below = number(at: start + 8 * place + 4, size: 4), below > 0
            else { return nil }
            degrees += Double(above) / Double(below) / unit
        }
        guard degrees <= limit else { return nil }
        return ["S", "W"].contains(text(sign, in: fields)) ? -degrees : degrees
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

import AtlasModel
import Compression

/// The fields of an EXIF block (TIFF 6.0, section 2; CIPA DC-008, section 4.6). Wrong offsets give no
/// value.
struct ExifBlock {
    private let tiff: TIFFDirectories

    /// `nil` for bytes that are no TIFF structure.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard
            bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A])
        else { return nil }
        tiff = TIFFDirectories(bytes)
    }

    /// The TIFF structure of a picture file: of a JPEG the first block before the first scan, the eXIf
    /// chunk of a PNG, the EXIF chunk of a WebP, and a TIFF as a whole; `nil` without one. The decoder
    /// of HEIF pictures gives it in another way.
    static func tiff(in file: [UInt8]) -> ArraySlice<UInt8>? {
        switch PictureFormat(of: file) {
        case .jpeg: inJPEG(file)
        case .png: inPNG(file)
        case .webp: inWebP(file)
        case .tiff: file[...]
        case .heif, nil: nil
        }
    }

    private static func inJPEG(_ file: [UInt8]) -> ArraySlice<UInt8>? {
        var position = 2
        while let marker = JPEGMarker(in: file, from: position), marker.code != 0xDA,
            let body = marker.body(in: file)
        {
            if marker.isExif(body, in: file) { return file[body].dropFirst(JPEGMarker.exif.count) }
            position = body.upperBound
        }
        return nil
    }

    private static func inPNG(_ file: [UInt8]) -> ArraySlice<UInt8>? {
        var position = PNGChunk.first
        while let chunk = PNGChunk(in: file, at: position) {
            if chunk.type == "eXIf" { return file[chunk.content] }
            position = chunk.whole.upperBound
        }
        return nil
    }

    private static func inWebP(_ file: [UInt8]) -> ArraySlice<UInt8>? {
        var position = WebPChunk.first
        while let chunk = WebPChunk(in: file, at: position) {
            if chunk.type == "EXIF" { return withoutMark(file[chunk.content]) }
            position = chunk.whole.upperBound
        }
        return nil
    }

    /// Some programs write the mark of JPEG's segments into the chunk of a WebP file.
    static func withoutMark(_ block: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        block.starts(with: JPEGMarker.exif) ? block.dropFirst(JPEGMarker.exif.count) : block
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

    /// The first directory.
    var main: TIFFDirectories.Directory? { tiff.first }

    /// The directory that a field points to; `nil` without one.
    func directory(_ tag: Tag, of parent: TIFFDirectories.Directory?) -> TIFFDirectories.Directory?
    {
        tiff.directory(tag.rawValue, of: parent)
    }

    /// The text of a field, without blanks and zeros around it; `nil` when it is empty or not text.
    ///
    /// The standard says ASCII. Programs write UTF-8, and older ones Latin-1.
    func text(_ tag: Tag, in directory: TIFFDirectories.Directory?) -> String? {
        guard let field = directory?.fields[tag.rawValue], field.type == 2 || field.type == 129,
            field.count <= Self.longestText,
            let bytes = tiff.bytes(at: field.place, count: field.count)
        else { return nil }
        let stored = bytes.prefix { $0 != 0 }
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
    func degrees(
        _ tag: Tag, _ sign: Tag, limit: Double, in directory: TIFFDirectories.Directory?
    ) -> Double? {
        guard let field = directory?.fields[tag.rawValue], field.type == 5, field.count == 3 else {
            return nil
        }
        var degrees = 0.0
        for (place, unit) in [1.0, 60, 3600].enumerated() {
            guard let above = tiff.number(at: field.place + 8 * place, size: 4),
                let below = tiff.number(at: field.place + 8 * place + 4, size: 4), below > 0
            else { return nil }
            degrees += Double(above) / Double(below) / unit
        }
        guard degrees <= limit else { return nil }
        return ["S", "W"].contains(text(sign, in: directory)) ? -degrees : degrees
    }
}

extension ExifBlock {
    /// What removing an EXIF block removes.
    static func told(by tiff: ArraySlice<UInt8>) -> RemovedData {
        TIFFDirectories(tiff).hasPosition ? [.position, .other] : .other
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
        return [0, 0, 0, UInt8(body.count - 4)] + body + bigEndian(CRC32(body).value)
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
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

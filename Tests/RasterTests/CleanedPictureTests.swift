import AtlasModel
import Compression
import Testing

@testable import Raster

/// The segments of a JPEG file, and the chunks of a PNG file, written by hand from ITU-T T.81 and the
/// PNG specification.
@Suite struct CleanedPictureTests {
    /// A segment: marker, length of body and two more bytes, body.
    private func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)] + body
    }

    private let start: [UInt8] = [0xFF, 0xD8]
    private let end: [UInt8] = [0xFF, 0xD9]
    /// A scan with a stuffed byte and a restart marker.
    private var scan: [UInt8] {
        segment(0xDA, [1, 1, 0, 0, 63, 0]) + [7, 0xFF, 0, 8, 0xFF, 0xD0, 9]
    }

    private func cleaned(_ parts: [UInt8]...) -> CleanedPicture {
        CleanedPicture(parts.flatMap(\.self))
    }

    @Test("A file with nothing to remove keeps its bytes, fill bytes too")
    func nothing() {
        let jfif = segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 1, 0, 72, 0, 72, 0, 0])
        let file = start + jfif + [0xFF] + segment(0xDB, [0, 1]) + scan + end
        #expect(CleanedPicture(file) == Expected(bytes: file, removed: []))
        #expect(CleanedPicture([1, 2, 3]) == Expected(bytes: [1, 2, 3], removed: []))
        #expect(CleanedPicture([]) == Expected(bytes: [], removed: []))
    }

    @Test("Comments, unknown segments and what lies between segments are removed")
    func others() {
        let tables = segment(0xDB, [0, 1])
        let clean = start + tables + scan + end
        let expected = Expected(bytes: clean, removed: .other)
        #expect(cleaned(start, segment(0xFE, [1, 2]), tables, scan, end) == expected)
        #expect(cleaned(start, tables, segment(0xEF, [1]), scan, end) == expected)
        #expect(cleaned(start, tables, [1, 2], scan, end) == expected)
        #expect(cleaned(start, tables, scan, segment(0xE2, [1]), end) == expected)
        #expect(cleaned(start, tables, scan, end, start, scan, end) == expected)
        #expect(cleaned(start, tables, scan, end, [0]) == expected)
    }

    @Test("A thumbnail in the JFIF segment goes, and the density stays")
    func thumbnail() {
        let head = Array("JFIF\0".utf8) + [1, 2, 1, 0, 72, 0, 96]
        let result = cleaned(start, segment(0xE0, head + [1, 1, 9, 9, 9]), scan, end)
        #expect(result.bytes == start + segment(0xE0, head + [0, 0]) + scan + end)
        #expect(result.removed == .other)
    }

    @Test("Of an EXIF block the orientation stays, once", arguments: [false, true])
    func orientation(isLittle: Bool) {
        // One entry more than the block that remains: 0x010F, the maker.
        let entries: [[UInt8]] = [
            [0x01, 0x0F, 0, 2, 0, 0, 0, 2, 0x41, 0, 0, 0],
            [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0],
        ]
        let little: [[UInt8]] = [
            [0x0F, 0x01, 2, 0, 2, 0, 0, 0, 0x41, 0, 0, 0],
            [0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0],
        ]
        let block: [UInt8] =
            isLittle
            ? [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 2, 0] + little.flatMap(\.self) + [0, 0, 0, 0]
            : [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 2] + entries.flatMap(\.self) + [0, 0, 0, 0]
        let exif = segment(0xE1, Array("Exif\0\0".utf8) + block)
        let rest =
            Array("Exif\0\0".utf8) + [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1] + entries[1]
            + [0, 0, 0, 0]
        let result = cleaned(start, exif, exif, scan, exif, end)
        #expect(result.bytes == start + segment(0xE1, rest) + scan + end)
        #expect(result.removed == .other)
        // What remains is not cleaned again.
        #expect(CleanedPicture(result.bytes) == Expected(bytes: result.bytes, removed: []))
    }

    @Test("A position is told apart from an empty directory of positions")
    func position() {
        func exif(_ tag: UInt8) -> [UInt8] {
            let directory: [UInt8] = [0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26]
            let entry: [UInt8] = [0, tag, 0, 5, 0, 0, 0, 3, 0, 0, 0, 0]
            return segment(
                0xE1,
                Array("Exif\0\0".utf8) + [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1] + directory
                    + [0, 0, 0, 0] + [0, 1] + entry + [0, 0, 0, 0])
        }
        #expect(cleaned(start, exif(2), scan, end).removed == [.position, .other])
        #expect(cleaned(start, exif(4), scan, end).removed == [.position, .other])
        // Tag 0 is the version of the directory.
        #expect(cleaned(start, exif(0), scan, end).removed == .other)
        let xmp = segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0exif:GGPSLatitude='1'".utf8))
        #expect(cleaned(start, xmp, scan, end).removed == [.position, .other])
        #expect(cleaned(start, xmp, scan, end).bytes == start + scan + end)
    }

    @Test("A position in a TIFF is told apart from an empty directory of positions")
    func positionOfTIFF() {
        /// - Parameters: tag and number of values of the field in the directory of positions.
        func tiff(_ tag: UInt8, count: UInt8) -> RemovedData {
            let directory: [UInt8] = [0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26]
            return CleanedPicture(
                [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1] + directory + [0, 0, 0, 0, 0, 1]
                    + [0, tag, 0, 5, 0, 0, 0, count, 0, 0, 0, 0] + [0, 0, 0, 0]
            ).removed
        }
        #expect(tiff(2, count: 3).contains(.position))
        #expect(tiff(4, count: 3).contains(.position))
        #expect(!tiff(2, count: 0).contains(.position))
        // Tag 0 is the version of the directory.
        #expect(!tiff(0, count: 4).contains(.position))
    }

    @Test("A file that is cut short ends where it ended", arguments: 0..<60)
    func short(length: Int) {
        let file = Array(
            (start + segment(0xFE, [1, 2, 3]) + segment(0xE1, Array("Exif\0\0MM".utf8)) + scan + end)
                .prefix(length))
        let result = CleanedPicture(file)
        #expect(result.bytes.count <= file.count)
        #expect(!result.bytes.contains(0xFE))
    }

    private func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let content = Array(type.utf8) + body
        let sum = CRC32(content).value
        return [0, 0, 0, UInt8(body.count)] + content
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
    }

    @Test("Of a WebP file the EXIF block keeps the orientation, and XMP and unknown chunks go")
    func webp() {
        func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
            Array(type.utf8) + [UInt8(body.count), 0, 0, 0] + body
                + (body.count % 2 == 1 ? [0] : [])
        }
        func file(_ chunks: [UInt8]) -> [UInt8] {
            Array("RIFF".utf8) + [UInt8(chunks.count + 4), 0, 0, 0] + Array("WEBP".utf8) + chunks
        }
        // VP8X: flags for ICC (0x20), EXIF (0x08) and XMP (0x04), then sizes (RFC 9649, 2.7).
        func header(_ flags: UInt8) -> [UInt8] {
            chunk("VP8X", [flags, 0, 0, 0, 7, 0, 0, 7, 0, 0])
        }
        let body = chunk("ICCP", [1, 2, 3]) + chunk("VP8 ", [9, 9])
        let tiff: [UInt8] = [
            0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0,
            0,
        ]
        let plain = file(header(0x28) + body + chunk("EXIF", tiff))
        #expect(CleanedPicture(plain) == Expected(bytes: plain, removed: []))
        let full = file(
            header(0x2C) + body + chunk("EXIF", Array("Exif\0\0".utf8) + tiff)
                + chunk("XMP ", Array("exif:GPSLatitude".utf8)))
        #expect(
            CleanedPicture(full) == Expected(bytes: plain, removed: [.position, .other]))
        let upright = file(header(0x24) + body + chunk("XMP ", [7]))
        #expect(
            CleanedPicture(upright)
                == Expected(bytes: file(header(0x20) + body), removed: .other))
    }

    @Test("Of a PNG file the chunks stay that change how it looks")
    func png() {
        let signature: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]
        let (head, data, last) = (chunk("IHDR", [1]), chunk("IDAT", [2]), chunk("IEND", []))
        let clean = signature + head + chunk("gAMA", [0]) + data + last
        #expect(CleanedPicture(clean) == Expected(bytes: clean, removed: []))
        let told =
            signature + head + chunk("tEXt", Array("GPSLatitude".utf8)) + chunk("gAMA", [0])
            + chunk("tIME", [1]) + data + chunk("zTXt", [1]) + last
        #expect(
            CleanedPicture(told + [1, 2])
                == Expected(bytes: clean, removed: [.position, .other]))
        // Data that end too early stay.
        let cut = signature + head + data.dropLast(5)
        #expect(CleanedPicture(cut).bytes == cut)
    }
}

/// What a cleaned picture should be.
private struct Expected {
    let bytes: [UInt8]
    let removed: RemovedData

    static func == (found: CleanedPicture, expected: Expected) -> Bool {
        found.bytes == expected.bytes && found.removed == expected.removed
    }
}

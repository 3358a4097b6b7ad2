import Raster
import Testing

/// First bytes of files, from the descriptions of the formats.
@Suite struct ForeignFormatTests {
    @Test(
        "Formats that are not read are known by their first bytes",
        arguments: [
            // BM, four bytes of size, two times two of zero, offset, and a header of 40 bytes.
            ([66, 77, 1, 2, 3, 4, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], .bmp),
            (Array("GIF89a".utf8), .gif),
            (Array("FUJIFILMCCD-RAW 0201".utf8), .raw),
            ([0, 0, 0, 24] + Array("ftypcrx ".utf8), .raw),
            ([0xFF, 0x0A, 1], .jpegXL),
            ([0, 0, 0, 12] + Array("jP  ".utf8) + [13, 10, 0x87, 10], .jpeg2000),
            (Array("8BPS".utf8), .photoshop),
            (Array("%PDF-1.7".utf8), .pdf),
            (Array("<?xml version=\"1.0\"?>\n<svg xmlns=".utf8), .svg),
            ([0, 0, 0, 24] + Array("ftypisom".utf8), .video),
            (Array("RIFF".utf8) + [1, 2, 3, 4] + Array("AVI ".utf8), .video),
            ([0x1A, 0x45, 0xDF, 0xA3], .video),
            (Array("P6\n1 1".utf8), .pnm),
            ([UInt8](repeating: 0, count: 128) + Array("DICM".utf8), .dicom),
        ] as [([UInt8], ForeignFormat)])
    func known(bytes: [UInt8], format: ForeignFormat) {
        #expect(ForeignFormat(of: bytes) == format)
        #expect(throws: RasterError.foreign(format)) { try Picture(decoding: bytes) }
    }

    @Test(
        "Other files have no known format",
        arguments: [
            Array("BM is how this note begins, but it goes on as a text.".utf8),
            Array("P3 was the third picture".utf8).map { $0 == 32 ? 45 : $0 }, [0xFF, 0xD8, 0xFF],
            Array("<notes>".utf8), Array("<!DOCTYPE html><svg>".utf8), [],
        ] as [[UInt8]])
    func unknown(bytes: [UInt8]) {
        #expect(ForeignFormat(of: bytes) == nil)
    }

    /// A TIFF of one directory with short values, by tag.
    private func tiff(_ values: [(tag: UInt8, high: UInt8, value: [UInt8])]) -> [UInt8] {
        let entries = values.flatMap { entry -> [UInt8] in
            [entry.tag, entry.high, 3, 0, 1, 0, 0, 0, entry.value[0], entry.value[1], 0, 0]
        }
        return [73, 73, 42, 0, 8, 0, 0, 0, UInt8(values.count), 0] + entries + [0, 0, 0, 0]
    }

    @Test(
        "A TIFF of a colour filter array is a raw picture, and so is one of a camera's compression")
    func raw() {
        // 262 is the photometric interpretation, 32803 a colour filter array; 259 the compression,
        // 34713 that of Nikon (TIFF/EP; the registry of TIFF tags).
        for bytes in [tiff([(6, 1, [0x23, 0x80])]), tiff([(3, 1, [0x99, 0x87])])] {
            #expect(throws: RasterError.foreign(.raw)) { try Picture(decoding: bytes) }
        }
        // 2 is RGB.
        let error = #expect(throws: RasterError.self) {
            try Picture(decoding: tiff([(6, 1, [2, 0])]))
        }
        #expect(error != .foreign(.raw))
    }

    @Test("Each format has a title and says what to do", arguments: ForeignFormat.allCases)
    func words(format: ForeignFormat) {
        #expect(format.title.hasPrefix("a"))
        #expect(format.advice.first?.isUppercase == true)
    }
}

import AtlasModel
import Raster
import Testing

/// A picture of grey pixels.
func grey(_ width: Int, _ values: [UInt8]) -> Picture {
    Picture(width: width, height: values.count / width, pixels: values.flatMap { [$0, $0, $0] })
}

extension Picture {
    /// The red bytes.
    var reds: [UInt8] { stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] } }
}

@Suite struct ResizingTests {
    @Test("A picture that has the requested size is unchanged")
    func same() {
        let picture = grey(3, [1, 2, 3, 4, 5, 6])
        #expect(picture.resized(width: 3, height: 2) == picture)
    }

    @Test("Each new pixel is the mean weighted by area, computed by hand")
    func thirds() {
        // 10 20 31 onto two pixels: (10 · 2 + 20) / 3 = 13.33 and (20 + 31 · 2) / 3 = 27.33.
        #expect(grey(3, [10, 20, 31]).resized(width: 2, height: 1).reds == [13, 27])
        // The same for a column.
        #expect(grey(1, [10, 20, 31]).resized(width: 1, height: 2).reds == [13, 27])
        // Both at once: weights 4, 2, 2, 1 of 9; (0 · 4 + 90 · 2 + 90 · 2 + 180) / 9 = 60.
        let ramp = grey(3, [0, 90, 180, 90, 180, 225, 180, 225, 255])
        #expect(ramp.resized(width: 2, height: 2).reds == [60, 170, 170, 233])
    }

    @Test("Halves are rounded up", arguments: [(0, 1, 1), (1, 2, 2), (254, 255, 255), (7, 7, 7)])
    func halves(left: UInt8, right: UInt8, mean: UInt8) {
        #expect(grey(2, [left, right]).resized(width: 1, height: 1).reds == [mean])
    }

    @Test("A larger size repeats pixels and mixes them where they meet")
    func larger() {
        #expect(
            grey(2, [0, 100]).resized(width: 4, height: 2).reds == [0, 0, 100, 100, 0, 0, 100, 100])
        #expect(grey(2, [0, 100]).resized(width: 3, height: 1).reds == [0, 50, 100])
    }

    @Test("A white picture stays white at any size")
    func white() {
        let picture = grey(97, [UInt8](repeating: 255, count: 97 * 61))
        #expect(
            picture.resized(width: 28, height: 28).pixels == [UInt8](repeating: 255, count: 2352))
        #expect(picture.resized(width: 100, height: 3).reds.allSatisfy { $0 == 255 })
    }
}

@Suite struct TurningTests {
    // 1 2 3
    // 4 5 6
    let picture = grey(3, [1, 2, 3, 4, 5, 6])

    @Test(
        "Turning is counter-clockwise, as numpy.rot90 turns",
        arguments: [
            (0, 3, [1, 2, 3, 4, 5, 6]), (90, 2, [3, 6, 2, 5, 1, 4]), (180, 3, [6, 5, 4, 3, 2, 1]),
            (270, 2, [4, 1, 5, 2, 6, 3]), (-90, 2, [4, 1, 5, 2, 6, 3]),
            (450, 2, [3, 6, 2, 5, 1, 4]),
        ] as [(Int, Int, [UInt8])])
    func turned(degrees: Int, width: Int, values: [UInt8]) {
        #expect(picture.turned(counterClockwise: degrees) == grey(width, values))
    }

    @Test("Mirroring exchanges left and right")
    func mirrored() {
        #expect(picture.mirrored() == grey(3, [3, 2, 1, 6, 5, 4]))
    }
}

@Suite struct CodingTests {
    let picture = Picture(
        width: 40, height: 30, pixels: (0..<3600).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) })

    @Test("A PNG keeps every pixel, and encoding repeats exactly")
    func png() throws {
        let bytes = try picture.png()
        #expect(try Picture(decoding: bytes) == picture)
        #expect(try picture.png() == bytes)
        #expect(PictureFormat(of: bytes) == .png)
        #expect(try Picture.size(of: bytes) == (40, 30))
    }

    @Test("A PNG is transparent where nothing is shown, and keeps the other pixels")
    func transparentPNG() throws {
        let shown = (0..<1200).map { $0 % 7 != 0 }
        let bytes = try picture.png(showing: shown)
        // The decoder lays transparent pixels over white.
        let decoded = try Picture(decoding: bytes)
        for (place, isShown) in shown.enumerated() {
            let pixel = Array(decoded.pixels[place * 3..<place * 3 + 3])
            #expect(
                pixel
                    == (isShown
                        ? Array(picture.pixels[place * 3..<place * 3 + 3]) : [255, 255, 255]))
        }
        #expect(try picture.png(showing: shown) == bytes)
    }

    @Test(
        "A JPEG keeps the colour of a plain picture, and encoding repeats exactly",
        arguments: [false, true])
    func jpeg(fullChroma: Bool) throws {
        let plain = grey(17, [UInt8](repeating: 77, count: 17 * 11))
        let bytes = try plain.jpeg(quality: 90, fullChroma: fullChroma)
        #expect(try Picture(decoding: bytes) == plain)
        #expect(try plain.jpeg(quality: 90, fullChroma: fullChroma) == bytes)
        #expect(PictureFormat(of: bytes) == .jpeg)
        #expect(try Picture.size(of: bytes) == (17, 11))
    }

    @Test("Higher quality gives more bytes and smaller errors")
    func quality() throws {
        func error(_ quality: Int) throws -> (bytes: Int, error: Int) {
            let bytes = try picture.jpeg(quality: quality, fullChroma: true)
            let decoded = try Picture(decoding: bytes)
            return (
                bytes.count,
                zip(decoded.pixels, picture.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            )
        }
        let (coarse, fine) = (try error(20), try error(95))
        #expect(coarse.bytes < fine.bytes)
        #expect(coarse.error > fine.error)
    }

    /// A PNG of 2 × 1 pixels, red and transparent blue, written by Pillow 13.0.0.
    static let pillow: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44,
        0x52,
        0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0xF4, 0x22,
        0x7F,
        0x8A, 0x00, 0x00, 0x00, 0x11, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0,
        0xF0,
        0x9F, 0x81, 0xE1, 0xBF, 0x03, 0x00, 0x0F, 0x3A, 0x03, 0x3E, 0xC1, 0x90, 0x7D, 0x6A, 0x00,
        0x00,
        0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]

    @Test("Transparency is blended with white")
    func transparency() throws {
        // Blue at alpha 64: (0 · 64 + 255 · 191) / 255 = 191; (255 · 64 + 255 · 191) / 255 = 255.
        let expected = Picture(width: 2, height: 1, pixels: [255, 0, 0, 191, 191, 255])
        #expect(try Picture(decoding: Self.pillow) == expected)
    }

    @Test("Files that are not complete pictures are refused with the reason")
    func refusals() throws {
        #expect(throws: RasterError.empty) { try Picture(decoding: []) }
        #expect(throws: RasterError.unknownFormat) { try Picture(decoding: Array("notes".utf8)) }
        #expect(throws: RasterError.foreign(.gif)) { try Picture(decoding: Array("GIF89a".utf8)) }
        #expect(throws: RasterError.damaged(detail: "the file ends too early")) {
            try Picture(decoding: Self.pillow.dropLast(20))
        }
        #expect(throws: RasterError.empty) { try Picture.size(of: []) }
        #expect(PictureFormat(of: [0xFF, 0xD8]) == nil)
    }

    @Test("A header that claims too many pixels is refused before memory is allocated")
    func limit() throws {
        var bytes = Self.pillow
        // Width and height after the signature, the length and the name of the first chunk. The
        // checksum of the chunk is then wrong, which libpng finds first.
        bytes.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0, 1, 0, 0])
        #expect(throws: RasterError.damaged(detail: "IHDR: CRC error")) {
            try Picture(decoding: bytes)
        }
        bytes.replaceSubrange(29..<33, with: [0x6C, 0x84, 0x30, 0xE3])
        #expect(throws: RasterError.tooLarge(width: 65_536, height: 65_536, limit: 400_000_000)) {
            try Picture(decoding: bytes)
        }
        #expect(throws: RasterError.tooLarge(width: 65_536, height: 65_536, limit: 400_000_000)) {
            try Picture.size(of: bytes)
        }
    }

    @Test(
        "Every error says what happened and what to do",
        arguments: [
            (.empty, "The file is empty. Copy it again from where it came from."),
            (
                .unknownFormat,
                "This is no picture in a format that GeoAtlas knows. Save it as JPEG, PNG, TIFF or WebP."
            ),
            (
                .foreign(.gif),
                "This is a GIF picture, which GeoAtlas does not read. "
                    + "Convert it to PNG, for example with ImageMagick: "
                    + "convert \"FILE[0]\" FILE.png"
            ),
            (
                .tooMuchMemory(needed: 700_000_001, limit: 500_000_000),
                "The picture needs more memory than one picture may use "
                    + "(701 MB, more than 500 MB). "
                    + "Reduce it, or raise \"memory\" in atlas.yml: one picture may use half of it."
            ),
            (
                .damaged(detail: "x"),
                "The picture is damaged or cut short (x). Copy it again from where it came from."
            ),
            (
                .tooLarge(width: 9, height: 8, limit: 400_000_000),
                "The picture is too large (9 × 8 pixels, more than 400 million). Reduce it."
            ),
        ] as [(RasterError, String)])
    func sentences(error: RasterError, sentence: String) {
        #expect(error.description == sentence)
    }
}

extension ForeignFormat {
    /// The format of a file that begins with `bytes`; `nil` for formats that are read and for unknown
    /// ones.
    ///
    ///     ForeignFormat(of: Array("GIF89a".utf8))    // .gif
    ///     ForeignFormat(of: [0xFF, 0xD8, 0xFF])      // nil: a JPEG
    package init?(of bytes: [UInt8]) {
        if let format = Self.signatures.first(where: { $0.matches(bytes) })?.format {
            self = format
        } else if let format = Self.boxed(bytes) ?? Self.bitmap(bytes) ?? Self.text(bytes) {
            self = format
        } else {
            return nil
        }
    }

    /// Bytes at a place by which a format is known.
    private struct Signature {
        let format: ForeignFormat
        let bytes: [UInt8]
        let offset: Int

        init(_ format: ForeignFormat, _ text: String, at offset: Int = 0) {
            self.init(format, Array(text.utf8), at: offset)
        }

        init(_ format: ForeignFormat, _ bytes: [UInt8], at offset: Int = 0) {
            self.format = format
            self.bytes = bytes
            self.offset = offset
        }

        func matches(_ file: [UInt8]) -> Bool { file.dropFirst(offset).starts(with: bytes) }
    }

    private static let signatures: [Signature] = [
        .init(.gif, "GIF87a"), .init(.gif, "GIF89a"),
        // Raw pictures that are no TIFF files: Olympus, Panasonic, Fujifilm, Minolta, Sigma, Canon.
        .init(.raw, "IIRO"), .init(.raw, "IIRS"), .init(.raw, "MMOR"),
        .init(.raw, [0x49, 0x49, 0x55, 0]), .init(.raw, "FUJIFILMCCD-RAW"),
        .init(.raw, [0, 0x4D, 0x52, 0x4D]), .init(.raw, "FOVb"), .init(.raw, "HEAPCCDR", at: 6),
        .init(.jpegXL, [0xFF, 0x0A]),
        .init(.jpegXL, [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        .init(.jpeg2000, [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        .init(.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
        .init(.jpegXR, [0x49, 0x49, 0xBC]),
        .init(.photoshop, "8BPS"), .init(.gimp, "gimp xcf"), .init(.pdf, "%PDF-"),
        .init(.postScript, "%!PS"), .init(.postScript, [0xC5, 0xD0, 0xD3, 0xC6]),
        .init(.icon, [0, 0, 1, 0]),
        .init(.openEXR, [0x76, 0x2F, 0x31, 0x01]), .init(.radiance, "#?RADIANCE"),
        .init(.radiance, "#?RGBE"), .init(.dicom, "DICM", at: 128), .init(.djvu, "AT&TFORM"),
        .init(.dds, "DDS "), .init(.bpg, [0x42, 0x50, 0x47, 0xFB]), .init(.qoi, "qoif"),
        .init(.fits, "SIMPLE  ="), .init(.czi, "ZISRAWFILE"), .init(.farbfeld, "farbfeld"),
        .init(.miff, "id=ImageMagick"),
        .init(.pcx, [0x0A, 0x05, 0x01, 0x08]), .init(.windowsMetafile, [0xD7, 0xCD, 0xC6, 0x9A]),
        .init(.windowsMetafile, " EMF", at: 40),
        .init(.video, [0x1A, 0x45, 0xDF, 0xA3]), .init(.video, [0, 0, 1, 0xBA]),
        .init(.video, [0, 0, 1, 0xB3]), .init(.video, "FLV"),
        .init(.video, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]),
        .init(.video, "moov", at: 4), .init(.video, "mdat", at: 4), .init(.video, "wide", at: 4),
        .init(.audio, "ID3"), .init(.audio, "OggS"), .init(.audio, "fLaC"),
        .init(.office, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), .init(.office, "{\\rtf"),
    ]

    /// Formats made of boxes or chunks whose type follows the first ones.
    private static func boxed(_ bytes: [UInt8]) -> ForeignFormat? {
        if bytes.dropFirst(4).starts(with: "ftyp".utf8) {
            // ISO/IEC 14496-12, 4.3: the brand; pictures of the HEIF family are no foreign format.
            if bytes.dropFirst(8).starts(with: "crx ".utf8) { return .raw }
            return bytes.dropFirst(8).starts(with: "M4A ".utf8) ? .audio : .video
        }
        guard bytes.starts(with: "RIFF".utf8), bytes.count >= 12 else { return nil }
        if bytes[8..<12].elementsEqual("AVI ".utf8) { return .video }
        return bytes[8..<12].elementsEqual("WAVE".utf8) ? .audio : nil
    }

    /// Formats whose first bytes are too few to be sure: BMP with the length of its second header, and
    /// PNM with a blank after its number.
    private static func bitmap(_ bytes: [UInt8]) -> ForeignFormat? {
        if bytes.starts(with: "BM".utf8), bytes.count >= 18 {
            return [12, 16, 40, 52, 56, 64, 108, 124].contains(bytes[14])
                && bytes[15..<18].allSatisfy { $0 == 0 } ? .bmp : nil
        }
        if isTarga(bytes) { return .targa }
        guard bytes.count >= 3, bytes[0] == UInt8(ascii: "P"),
            [0x0A, 0x0D, 0x20].contains(bytes[2])
        else { return nil }
        return (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(bytes[1]) ? .pnm : nil
    }

    /// Targa has no mark at its beginning, but a header in which many bytes have few possible values
    /// (Truevision, "TGA File Format Specification", fields 1 to 5).
    private static func isTarga(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 18, [2, 3, 10, 11].contains(bytes[2]) else { return false }
        return bytes[1] == 0 && bytes[3..<8].allSatisfy { $0 == 0 }
            && [8, 16, 24, 32].contains(bytes[16]) && bytes[17] & 0xC0 == 0
            && bytes[12..<16].contains { $0 != 0 }
    }

    /// Formats that are texts.
    private static func text(_ bytes: [UInt8]) -> ForeignFormat? {
        let beginning = String(decoding: bytes.prefix(1_024), as: UTF8.self).lowercased()
            .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard beginning.hasPrefix("<") else { return nil }
        return beginning.hasPrefix("<!doctype html") || !beginning.contains("<svg") ? nil : .svg
    }
}

import AtlasModel

/// The orientation of the camera: EXIF tag 0x0112, 1 to 8 (CIPA DC-008, "Exif", section 4.6.4).
struct Orientation: Equatable {
    let value: Int

    static let upright = Orientation(value: 1)

    /// Whether width and height are exchanged.
    var swapsSides: Bool { value >= 5 }

    init(value: Int) {
        self.value = (1...8).contains(value) ? value : 1
    }

    /// The orientation in the APP1 segment of a JPEG, the eXIf chunk of a PNG, the EXIF chunk of a
    /// WebP or the first directory of a TIFF; upright if there is none. The decoder of HEIF pictures
    /// turns them itself.
    init(of bytes: [UInt8]) {
        let exif =
            switch PictureFormat(of: bytes) {
            case .jpeg: Self.exifOfJPEG(bytes)
            case .png: Self.exifOfPNG(bytes)
            case .webp: Self.exifOfWebP(bytes)
            case .tiff: bytes[...]
            case .heif, nil: nil as ArraySlice<UInt8>?
            }
        self =
            exif.flatMap { TIFFDirectories($0).orientation }.map(Orientation.init(value:))
            ?? .upright
    }

    /// The TIFF structure after `Exif\0\0` in the APP1 segment.
    private static func exifOfJPEG(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            // Fill bytes may precede a marker (ITU-T T.81, B.1.1.2).
            if marker == 0xFF {
                position += 1
                continue
            }
            // Start of scan: the picture follows.
            if marker == 0xDA { return nil }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            let end = position + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            let body = bytes[position + 4..<end]
            if marker == 0xE1, body.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
                return body.dropFirst(6)
            }
            position = end
        }
        return nil
    }

    private static func exifOfPNG(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var position = 8
        while position + 12 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = position + 12 + length
            guard end <= bytes.count else { return nil }
            let type = bytes[position + 4..<position + 8]
            if type.elementsEqual("eXIf".utf8) { return bytes[position + 8..<end - 4] }
            position = end
        }
        return nil
    }

    /// Chunks have a type of four bytes, a length, and an even number of bytes (RFC 9649, 2.3).
    static func exifOfWebP(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var position = 12
        while position + 8 <= bytes.count {
            let length = bytes[position + 4..<position + 8].reversed().reduce(0) {
                $0 << 8 | Int($1)
            }
            let end = position + 8 + length
            guard end <= bytes.count else { return nil }
            if bytes[position..<position + 4].elementsEqual("EXIF".utf8) {
                let body = bytes[position + 8..<end]
                // Some programs write the mark of JPEG's segments before it.
                return body.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) ? body.dropFirst(6) : body
            }
            position = end + length % 2
        }
        return nil
    }
}

extension Picture {
    /// The upright picture, given the orientation of the stored one.
    func upright(from orientation: Orientation) -> Picture {
        switch orientation.value {
        case 2: mirrored()
        case 3: turned(counterClockwise: 180)
        case 4: mirrored().turned(counterClockwise: 180)
        case 5: mirrored().turned(counterClockwise: 90)
        case 6: turned(counterClockwise: 270)
        case 7: mirrored().turned(counterClockwise: 270)
        case 8: turned(counterClockwise: 90)
        default: self
        }
    }
}

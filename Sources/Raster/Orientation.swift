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

    /// The orientation in the APP1 segment of a JPEG or the eXIf chunk of a PNG; upright if there
    /// is none.
    init(of bytes: [UInt8]) {
        let exif =
            switch PictureFormat(of: bytes) {
            case .jpeg: Self.exifOfJPEG(bytes)
            case .png: Self.exifOfPNG(bytes)
            case nil: nil as ArraySlice<UInt8>?
            }
        self = exif.flatMap(Self.orientation(inTIFF:)).map(Orientation.init(value:)) ?? .upright
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

    /// The value of entry 0x0112 of the first directory.
    private static func orientation(inTIFF tiff: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(tiff)
        guard bytes.count >= 8 else { return nil }
        let little = bytes[0] == 0x49
        func number(at offset: Int, size: Int) -> Int? {
            guard offset >= 0, offset + size <= bytes.count else { return nil }
            let field = bytes[offset..<offset + size]
            return (little ? Array(field.reversed()) : Array(field)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(at: 4, size: 4), let entries = number(at: directory, size: 2)
        else { return nil }
        for entry in 0..<entries {
            let offset = directory + 2 + entry * 12
            guard let tag = number(at: offset, size: 2) else { return nil }
            if tag == 0x0112 { return number(at: offset + 8, size: 2) }
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

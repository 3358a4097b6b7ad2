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
        self =
            ExifBlock.tiff(in: bytes).flatMap { TIFFDirectories($0).orientation }
            .map(Orientation.init(value:)) ?? .upright
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

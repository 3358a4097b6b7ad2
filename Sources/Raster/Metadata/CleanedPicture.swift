package import AtlasModel

/// A picture file without what cameras, phones and programs say in it about place, person and device.
///
/// The compressed picture is copied byte for byte and not coded again. What is needed to show it
/// stays: an EXIF block with the orientation alone, the colour profile, the density, and Adobe's mark
/// of the colour model. Everything else is removed, known or not: EXIF, XMP, IPTC, notes of the
/// maker, comments, embedded thumbnails, further pictures, and bytes that no decoder reads.
///
///     CleanedPicture([0xFF, 0xD8, 0xFF, 0xFE, 0, 4, 0x48, 0x69, 0xFF, 0xD9]).bytes
///     // [0xFF, 0xD8, 0xFF, 0xD9], and `removed` is [.other]
///
/// The bytes of a file with nothing to remove, or in an unknown format, are those that were given.
package struct CleanedPicture: Sendable, Equatable {
    package let bytes: [UInt8]
    package let removed: RemovedData

    package init(_ file: [UInt8]) {
        switch PictureFormat(of: file) {
        case .jpeg: self = Self.jpeg(file)
        case .png: self = Self.png(file)
        case .webp: self = Self.webp(file)
        // Never published as they are: browsers do not show them.
        case .tiff:
            self.init(
                bytes: file, removed: TIFFDirectories(file).hasPosition ? [.position, .other] : [])
        case .heif: self.init(bytes: file, removed: .other)
        case nil: self.init(bytes: file, removed: [])
        }
    }

    init(bytes: [UInt8], removed: RemovedData) {
        self.bytes = bytes
        self.removed = removed
    }
}

/// Copies parts of a file and leaves out others.
struct Cutting {
    private let file: [UInt8]
    private var bytes: [UInt8] = []
    private var removed: RemovedData = []

    init(_ file: [UInt8]) {
        self.file = file
        bytes.reserveCapacity(file.count)
    }

    var result: CleanedPicture { CleanedPicture(bytes: bytes, removed: removed) }

    mutating func keep(_ range: Range<Int>) { bytes += file[range] }

    /// Leaves out a part.
    /// - Parameter data: what it told. An empty part told nothing.
    mutating func drop(_ range: Range<Int>, _ data: RemovedData = .other) {
        if !range.isEmpty { removed.formUnion(data) }
    }

    /// Puts other bytes in the place of a part.
    mutating func replace(
        _ range: Range<Int>, with replacement: [UInt8], _ data: RemovedData = .other
    ) {
        if file[range].elementsEqual(replacement) { return keep(range) }
        drop(range, data)
        bytes += replacement
    }
}

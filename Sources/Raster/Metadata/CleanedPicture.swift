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
package struct CleanedPicture: Sendable {
    /// What was removed. It is known before the parts are copied.
    package let removed: RemovedData
    private let file: [UInt8]
    private let parts: [Part]

    /// A part of the result.
    enum Part {
        case kept(Range<Int>)
        case made([UInt8])
    }

    /// The file without what was removed.
    package var bytes: [UInt8] {
        if removed.isEmpty { return file }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.count)
        for part in parts {
            switch part {
            case .kept(let range): bytes += file[range]
            case .made(let own): bytes += own
            }
        }
        return bytes
    }

    package init(_ file: [UInt8]) {
        switch PictureFormat(of: file) {
        case .jpeg: self = Self.jpeg(file)
        case .png: self = Self.png(file)
        case .webp: self = Self.webp(file)
        // Never published as they are: browsers do not show them.
        case .tiff:
            self.init(whole: file, TIFFDirectories(file).hasPosition ? [.position, .other] : [])
        case .heif: self.init(whole: file, .other)
        case nil: self.init(whole: file, [])
        }
    }

    private init(whole file: [UInt8], _ told: RemovedData) {
        self.init(file, [.kept(0..<file.count)], removed: told)
    }

    init(_ file: [UInt8], _ parts: [Part], removed: RemovedData) {
        self.file = file
        self.parts = parts
        self.removed = removed
    }
}

/// Collects the parts of a file that stay, and what the others told.
struct Cutting {
    private let file: [UInt8]
    private(set) var parts: [CleanedPicture.Part] = []
    private(set) var removed: RemovedData = []

    init(_ file: [UInt8]) { self.file = file }

    var result: CleanedPicture { CleanedPicture(file, parts, removed: removed) }

    mutating func keep(_ range: Range<Int>) {
        if !range.isEmpty { parts.append(.kept(range)) }
    }

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
        parts.append(.made(replacement))
    }
}

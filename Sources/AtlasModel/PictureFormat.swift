/// A file format of pictures that the program reads, with facts about it.
///
/// To add a format, add a case. All code that depends on the format switches over the cases without
/// a default, so it does not compile until it handles the new case.
package enum PictureFormat: String, Sendable, Hashable, Codable, CaseIterable {
    case jpeg, png, tiff, webp, heif

    /// Number of bytes at the beginning of a file that are enough to determine its format.
    private static let beginningLength = 12

    /// The format of a file, determined by its first bytes and not by its name; `nil` for other
    /// files.
    ///
    ///     PictureFormat(of: [0xFF, 0xD8, 0xFF, 0xE0])  // .jpeg
    ///     PictureFormat(of: [])                        // nil
    package init?(of bytes: [UInt8]) {
        guard let format = Self.allCases.first(where: { $0.begins(bytes) }) else { return nil }
        self = format
    }

    /// The format that files with an extension usually have; `nil` for other extensions.
    /// - Parameter fileExtension: without a dot, in any case.
    package init?(fileExtension: String) {
        let name = fileExtension.lowercased()
        guard let format = Self.allCases.first(where: { $0.fileExtensions.contains(name) })
        else { return nil }
        self = format
    }

    /// Whether a file that begins with `bytes` has the format: ITU-T T.81, B.2.1 (SOI and the next
    /// marker); ISO/IEC 15948, 5.2; TIFF 6.0, section 2, and BigTIFF, whose version is 43; RFC 9649,
    /// section 2.4; ISO/IEC 14496-12, 4.3, with the brands of ISO/IEC 23008-12 and of AVIF.
    private func begins(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .tiff:
            [
                [0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43],
            ]
            .contains { bytes.starts(with: $0) }
        case .webp: bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
        case .heif:
            bytes.dropFirst(4).starts(with: "ftyp".utf8)
                && Self.heifBrands.contains { bytes.dropFirst(8).starts(with: $0.utf8) }
        }
    }

    private static let heifBrands = [
        "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1",
        "avif", "avis",
    ]

    /// File extensions of the format, without a dot. Files in the atlas get the first one.
    package var fileExtensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg"]
        case .png: ["png"]
        case .tiff: ["tif", "tiff"]
        case .webp: ["webp"]
        case .heif: ["heic", "heif", "avif"]
        }
    }

    /// What the names of picture files end in, without a dot and in lower case, whether GeoAtlas reads
    /// them or not.
    package static let usualEndings: Set<String> = Set(allCases.flatMap(\.fileExtensions))
        .union(["jpe", "jfif", "bmp", "gif"])

    /// The extension of files of the format in the atlas, without a dot.
    package var fileExtension: String { fileExtensions[0] }

    /// The media type registered with IANA.
    package var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .tiff: "image/tiff"
        case .webp: "image/webp"
        case .heif: "image/heic"
        }
    }

    /// The common name of the format.
    package var title: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .tiff: "TIFF"
        case .webp: "WebP"
        case .heif: "HEIC"
        }
    }

    /// The format in which a picture of this format and size is published: its own if every browser
    /// shows that. Otherwise PNG for a small picture, each pixel of which is seen, and JPEG for others.
    package func published(width: Int, height: Int) -> PictureFormat {
        switch self {
        case .jpeg, .png, .webp: self
        case .tiff, .heif: max(width, height) <= Self.smallSide ? .png : .jpeg
        }
    }

    /// Largest side of a picture that is shown enlarged without smoothing.
    package static let smallSide = 64
}

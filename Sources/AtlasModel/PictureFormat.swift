/// A file format of pictures that the program reads, with facts about it.
///
/// To add a format, add a case. All code that depends on the format switches over the cases without
/// a default, so it does not compile until it handles the new case.
package enum PictureFormat: String, Sendable, Hashable, Codable, CaseIterable {
    case jpeg, png

    /// The format of a file, determined by its first bytes and not by its name; `nil` for other
    /// files.
    ///
    ///     PictureFormat(of: [0xFF, 0xD8, 0xFF, 0xE0])  // .jpeg
    ///     PictureFormat(of: [])                        // nil
    package init?(of bytes: [UInt8]) {
        guard let format = Self.allCases.first(where: { bytes.starts(with: $0.signature) })
        else { return nil }
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

    /// The bytes that every file of the format begins with: ITU-T T.81, B.2.1 (SOI and the next
    /// marker); ISO/IEC 15948, 5.2.
    package var signature: [UInt8] {
        switch self {
        case .jpeg: [0xFF, 0xD8, 0xFF]
        case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        }
    }

    /// File extensions of the format, without a dot. Files in the atlas get the first one.
    package var fileExtensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg"]
        case .png: ["png"]
        }
    }

    /// The extension of files of the format in the atlas, without a dot.
    package var fileExtension: String { fileExtensions[0] }

    /// The media type registered with IANA.
    package var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        }
    }

    /// The common name of the format.
    package var title: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        }
    }
}

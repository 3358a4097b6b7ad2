/// A file format of pictures that the program reads, with the facts about it.
///
/// To add a format, add a case: every place that has to know it switches over the cases without a
/// default and stops compiling until it does.
package enum PictureFormat: String, Sendable, Hashable, Codable, CaseIterable {
    case jpeg, png

    /// The format of a file, told by its first bytes and not by its name; `nil` for other files.
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

    /// Extensions in use, without a dot; the first is the one that files get in the atlas.
    package var fileExtensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg"]
        case .png: ["png"]
        }
    }

    /// The extension that files get in the atlas, without a dot.
    package var fileExtension: String { fileExtensions[0] }

    /// The media type that IANA registered.
    package var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        }
    }

    /// The name that people know it by.
    package var title: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        }
    }
}

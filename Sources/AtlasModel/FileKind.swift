/// What a file is that was found in the place of a picture or of a zip archive, by its first bytes.
package enum FileKind: String, Sendable, Hashable, Codable {
    case zip, sevenZip, rar, gzip, bzip2, xz, zstandard, tar, cabinet, webPage, xml

    /// Number of bytes that are enough to tell.
    package static let beginningLength = 512

    /// `nil` for other files.
    ///
    ///     FileKind(of: [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07])  // .rar
    ///     FileKind(of: Array("<!DOCTYPE html>".utf8))         // .webPage
    package init?(of beginning: some Collection<UInt8>) {
        let bytes = Array(beginning.prefix(Self.beginningLength))
        if let kind = Self.signatures.first(where: { bytes.starts(with: $0.bytes) })?.kind {
            self = kind
        } else if bytes.count > Self.tarPlace, bytes[Self.tarPlace...].starts(with: "ustar".utf8) {
            self = .tar
        } else {
            let text = String(decoding: bytes, as: UTF8.self).drop {
                $0.isWhitespace || $0 == "\u{FEFF}"
            }.lowercased()
            if text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
                || text.hasPrefix("<head")
            {
                self = .webPage
            } else if text.hasPrefix("<?xml") {
                self = text.contains("<html") || text.contains("<!doctype html") ? .webPage : .xml
            } else {
                return nil
            }
        }
    }

    /// POSIX.1-1988, ustar: the field `magic`.
    private static let tarPlace = 257

    /// Sources: the documents of the formats, and file(1).
    private static let signatures: [(kind: FileKind, bytes: [UInt8])] = [
        (.zip, [0x50, 0x4B, 0x03, 0x04]), (.zip, [0x50, 0x4B, 0x05, 0x06]),
        (.zip, [0x50, 0x4B, 0x07, 0x08]),
        (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        (.rar, [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]), (.gzip, [0x1F, 0x8B]),
        (.bzip2, Array("BZh".utf8)), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]), (.cabinet, Array("MSCF".utf8)),
    ]

    /// With the article: `a 7-Zip archive`.
    package var title: String {
        switch self {
        case .zip: "a zip archive"
        case .sevenZip: "a 7-Zip archive"
        case .rar: "a RAR archive"
        case .gzip: "a file packed with gzip"
        case .bzip2: "a file packed with bzip2"
        case .xz: "a file packed with xz"
        case .zstandard: "a file packed with Zstandard"
        case .tar: "a tar archive"
        case .cabinet: "a cabinet archive"
        case .webPage: "a web page"
        case .xml: "an XML text"
        }
    }

    /// Whether other files are packed in it.
    package var isArchive: Bool {
        switch self {
        case .webPage, .xml: false
        case .zip, .sevenZip, .rar, .gzip, .bzip2, .xz, .zstandard, .tar, .cabinet: true
        }
    }

    /// The command that unpacks the file into `folder`; `nil` for what is no archive.
    ///
    ///     FileKind.sevenZip.command(for: "a.7z", folder: "a")  // 7z x "a.7z" -o"a"
    package func command(for path: String, folder: String) -> String? {
        let isTar =
            path.lowercased().contains(".tar.")
            || [".tgz", ".tbz", ".tbz2", ".txz", ".tzst"].contains(
                where: path.lowercased().hasSuffix)
        switch self {
        case .zip: return "unzip \"\(path)\" -d \"\(folder)\""
        case .gzip where !isTar: return "gunzip --keep \"\(path)\""
        case .bzip2 where !isTar: return "bunzip2 --keep \"\(path)\""
        case .xz where !isTar: return "unxz --keep \"\(path)\""
        case .zstandard where !isTar: return "unzstd \"\(path)\""
        case .tar, .gzip, .bzip2, .xz, .zstandard:
            return "mkdir -p \"\(folder)\" && tar -xf \"\(path)\" -C \"\(folder)\""
        case .sevenZip, .rar, .cabinet: return "7z x \"\(path)\" -o\"\(folder)\""
        case .webPage, .xml: return nil
        }
    }
}

package import Compression

/// A file or folder of a zip archive, as the archive's directory describes it.
package struct ZipEntry: Sendable, Equatable {
    /// The bytes of the name in the directory.
    package var rawName: [UInt8]
    /// The name in UTF-8, if the entry gives it in a field of its own (APPNOTE.TXT, 4.6.9).
    package var unicodeName: String?
    /// Number of the compression method.
    package var methodNumber: UInt16
    /// Size in the archive; `nil` if the directory does not say it.
    package var packedSize: UInt64?
    /// Size of the file; `nil` if the directory does not say it.
    package var size: UInt64?
    package var checksum: UInt32
    package var isEncrypted = false
    /// Whether it is a symbolic link of a Unix system.
    package var isLink = false
    /// Position of its header in the file.
    var offset: UInt64
    /// What is wrong with it, if that is known without reading it.
    package var fault: ZipFault?

    /// `nil` for a method that cannot be unpacked.
    package var method: PackingMethod? { PackingMethod(rawValue: methodNumber) }

    /// Why it cannot be unpacked, as far as the directory tells; `nil` if it may be.
    package var obstacle: ZipFault? {
        if let fault { return fault }
        if hasNameOfFolder, !isFolder { return .damagedRecord }
        if isEncrypted { return .encrypted }
        return method == nil ? .unknownMethod(methodNumber) : nil
    }

    /// Whether it is a folder.
    package var isFolder: Bool { hasNameOfFolder && (size ?? 0) == 0 }

    /// Whether its name ends like that of a folder. With content, its record is damaged.
    package var hasNameOfFolder: Bool {
        guard let last = (unicodeName?.utf8.last ?? rawName.last) else { return false }
        return last == UInt8(ascii: "/") || last == UInt8(ascii: "\\")
    }
}

/// What is wrong with an entry of a zip archive.
package enum ZipFault: Error, Sendable, Hashable, Codable {
    /// Its record in the directory cannot be read, or contradicts itself.
    case damagedRecord
    /// The directory says that it is beyond the end of the archive.
    case beyondEnd
    /// There is no header where the directory says.
    case noHeader
    /// It claims bytes that belong to another entry too.
    case overlap(other: String)
    /// The packed bytes end too early.
    case cutShort
    case damagedStream
    case wrongChecksum
    /// More or fewer bytes than the directory says.
    case wrongSize
    case tooMuchMemory
    case encrypted
    case unknownMethod(UInt16)
    /// It unpacks to more bytes than the caller wants.
    case tooLarge
    /// It unpacks to so many times its size that it is no picture.
    case expandsTooFar

    /// The cause in a few words, without a full stop.
    package var reason: String {
        switch self {
        case .damagedRecord: "its record in the directory of the archive is damaged"
        case .beyondEnd: "it begins beyond the end of the archive"
        case .noHeader: "there is no file where the directory of the archive says"
        case .overlap(let other): "it claims the same bytes of the archive as \(other)"
        case .cutShort: "it is cut short"
        case .damagedStream: "its compressed data is damaged"
        case .wrongChecksum: "its content does not match its CRC checksum"
        case .wrongSize: "its size is not that of the directory"
        case .tooMuchMemory: "unpacking it needs too much memory"
        case .encrypted: "it is encrypted"
        case .unknownMethod(let number): PackingMethod.name(of: number)
        case .tooLarge: "it is too large"
        case .expandsTooFar: "it unpacks to far more bytes than a picture"
        }
    }
}

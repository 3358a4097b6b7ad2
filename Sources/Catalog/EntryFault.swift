import Archives
package import AtlasModel
import Files
import Messages
package import Raster

/// Why an entry of a collection is not used, as data that the workspace can store. The sentences
/// are made here, except those of the decoders, which `RasterError` makes.
enum EntryFault: Error, Sendable, Hashable, Codable {
    case undecodable(RasterError)
    case pointer
    /// Another file in the place of a picture.
    case otherKind(FileKind)
    case unreadableFile(reason: String)
    /// A file that a program for synchronisation has not downloaded yet.
    case notDownloaded
    case unreadableFolder
    /// What is wrong with an entry of a zip archive.
    case inArchive(ZipFault)
    case repeatedPath
    case unusableName(NameFault)
    case fileTooLarge
    case link
    case notAFile
    case nameNotUnicode
    case hiddenFile
    case hiddenFolder
    case buildFolder
    case atlasFolder

    /// What the first bytes of a file show; `nil` for a picture.
    init?(ofFileBeginning bytes: [UInt8]) {
        if PictureFormat(of: bytes) != nil { return nil }
        if GitLFS.isPointer(bytes) {
            self = .pointer
        } else if let format = ForeignFormat(of: bytes) {
            self = .undecodable(.foreign(format))
        } else if let kind = FileKind(of: bytes) {
            self = .otherKind(kind)
        } else {
            self = .undecodable(bytes.isEmpty ? .empty : .unknownFormat)
        }
    }

    /// - Parameter error: the error of reading or decoding a file.
    init(_ error: any Error) {
        self =
            switch error {
            case let fault as EntryFault: fault
            case let fault as ZipFault: .inArchive(fault)
            case let error as RasterError: .undecodable(error)
            case CatalogError.unreadable(_, let reason): .unreadableFile(reason: reason)
            case let error as FileError: .unreadableFile(reason: error.reason)
            default: .unreadableFile(reason: "\(error)")
            }
    }

    /// Whether the entry of an archive is damaged, or its name.
    var isDamage: Bool {
        switch self {
        case .unusableName: true
        case .inArchive(let fault): fault.isDamage
        default: false
        }
    }
}

/// What is wrong with the name of an entry of an archive.
enum NameFault: Sendable, Hashable, Codable {
    case empty, zeroByte
    /// `limit` in bytes.
    case tooLong(limit: Int)
    case pathTooLong(limit: Int)

    /// Without a full stop.
    var reason: String {
        switch self {
        case .empty: "it is empty"
        case .zeroByte: "it has a zero byte"
        case .tooLong(let limit): "it has more than \(limit) bytes"
        case .pathTooLong(let limit): "the path has more than \(limit) bytes"
        }
    }
}

extension EntryFault {
    /// The content of the entry's erratum.
    var finding: Erratum.Finding {
        switch self {
        case .undecodable(let error):
            .init(error.kind, error.statement, detail: error.detail, advice: error.advice)
        case .pointer: .init(.lfsPointer, GitLFS.statement, advice: GitLFS.advice)
        case .unreadableFile(let reason):
            .init(
                .unreadableFile, "The file cannot be read", detail: reason,
                advice: "Check that you may open it.")
        case .notDownloaded:
            .init(
                .notDownloaded, "The file is still in iCloud, and only a placeholder is here",
                advice: "Download it: choose \"Download Now\" in the menu of the folder in Finder.")
        case .unreadableFolder:
            .init(
                .unreadableFolder, "The folder cannot be opened",
                advice: "Check that you may read it.")
        case .inArchive(let fault): fault.finding
        case .repeatedPath:
            .init(
                .repeatedPath, "The archive holds another file of exactly this name, which is used",
                advice: "Rename one and pack again.")
        case .unusableName(let fault):
            .init(
                .unusableName, "The name of the file cannot be used", detail: fault.reason,
                advice: "Rename it and pack again.")
        case .otherKind(let kind) where kind.isArchive:
            .init(
                .packedArchive, "This is an archive inside the collection, which is not opened",
                detail: kind.title,
                advice: "Unpack it into the collection, or give it beside the collection.")
        case .otherKind(let kind):
            .init(
                .serverAnswer,
                "This is probably an error page of a web server instead of the picture",
                detail: kind.title, advice: "Download the picture again.")
        case .fileTooLarge: Self.tooLarge
        case .link:
            .init(
                .link, "This is a link, and links are not followed", advice: "Copy the file itself."
            )
        case .notAFile: .init(.notAFile, "This is not a regular file", advice: "Remove it.")
        case .nameNotUnicode:
            .init(
                .nameNotUnicode, "The name holds characters that are no Unicode",
                advice: "Rename it.")
        case .hiddenFile:
            .init(.hiddenFile, "This is a hidden file, passed over", advice: Self.dotAdvice)
        case .hiddenFolder:
            .init(
                .hiddenFolder, "This is a hidden folder with pictures, passed over",
                advice: Self.dotAdvice)
        case .buildFolder:
            .init(
                .buildFolder,
                "This folder belongs to the build itself; what lies in it is left out",
                advice: Self.folderAdvice)
        case .atlasFolder:
            .init(
                .atlasFolder,
                "This folder is an atlas that GeoAtlas made; its pictures are left out",
                advice: Self.folderAdvice)
        }
    }

    fileprivate static var tooLarge: Erratum.Finding {
        .init(
            .fileTooLarge,
            "The file is larger than \(Collection.byteLimit / 1_000_000) megabytes",
            advice: "Reduce the picture.")
    }

    private static let dotAdvice = "Rename it to use it: its name begins with a dot."
    private static let folderAdvice = "Keep pictures of the collection in another folder."
}

extension ZipFault {
    /// The content of the entry's erratum.
    fileprivate var finding: Erratum.Finding {
        switch self {
        case .encrypted:
            .init(
                .password, "The file is protected by a password",
                advice: "Pack it again without one.")
        case .unknownMethod:
            .init(
                .unknownCompression, "The file is packed in a way GeoAtlas does not know",
                detail: reason,
                advice: "Pack it again as a plain zip archive, with the method Deflate.")
        case .tooLarge: EntryFault.tooLarge
        case .expandsTooFar:
            .init(
                .expandsTooFar, "The file unpacks to far more bytes than a picture",
                advice: "If it is a picture, put the file itself into a folder.")
        case .damagedRecord, .beyondEnd, .noHeader, .overlap, .cutShort, .damagedStream,
            .wrongChecksum, .wrongSize, .tooMuchMemory:
            .init(
                .damagedInArchive, "The file is damaged inside the archive", detail: reason,
                advice: "Pack or download the archive again.")
        }
    }

    /// Whether the archive is damaged there. Others are as they were packed.
    fileprivate var isDamage: Bool { finding.kind == .damagedInArchive }
}

extension RasterError {
    /// The kind of the entry's erratum.
    fileprivate var kind: Erratum.Kind {
        switch self {
        case .empty: .emptyFile
        case .unknownFormat: .notAPicture
        case .foreign, .unsupported: .unreadFormat
        case .damaged, .notEncoded: .damagedPicture
        case .tooLarge: .tooManyPixels
        case .tooMuchMemory: .tooMuchMemory
        case .tooMuchWork: .tooMuchWork
        }
    }
}

extension PictureRemark {
    /// The content of the erratum of a picture that is used.
    package var finding: Erratum.Finding {
        switch self {
        case .damaged(let detail):
            .init(
                .partlyDamaged,
                "The picture is damaged or cut short, and is shown as far as it could be decoded",
                detail: detail, advice: "Copy it again from where it came from.")
        case .pages(let count):
            .init(
                .severalPictures, "The file has several pictures, and the first is used",
                detail: counted(count, "picture"),
                advice: "Save the others as files of their own to use them too.")
        case .animation:
            .init(
                .severalPictures, "The file has several pictures, and the first is used",
                detail: "an animation",
                advice: "Save the others as files of their own to use them too.")
        case .fewBits(let bits):
            .init(
                .fewBits,
                "The picture has 16 bits a sample but uses fewer, and is shown brighter to be seen",
                detail: "\(bits) bits",
                advice: "Save it with its full range, if its brightness matters.")
        }
    }
}

import Archives
import Files

/// A file of votes, or a file in a zip archive of them.
struct VoteContent {
    /// Of a file in an archive: `PATH OF THE ARCHIVE/NAME`.
    let path: String
    let bytes: Result<[UInt8], VoteFileFault>
}

/// Why a whole file is of no use. A line of a file has a `VoteFault`.
enum VoteFileFault: Error, Equatable {
    case empty
    case noVotes
    case gzip
    /// An archive that cannot be opened.
    case archive(ArchiveError)
    /// A file of an archive.
    case entry(ZipFault)
    /// An archive without files.
    case emptyArchive
    case unreadable(reason: String)

    private static let again = "Ask the reviewer to save the votes again"

    /// The cause and the remedy, without a full stop.
    var reason: String {
        switch self {
        case .empty:
            "it is empty. If it is still being copied, merge again later. \(Self.again) otherwise"
        case .noVotes: "it has no line that is a vote. \(Self.again)"
        case .gzip: "it is compressed with gzip. Unpack it"
        case .archive(.unreadable(let reason)), .unreadable(let reason):
            "it cannot be read (\(reason)). Check that you may open it"
        case .archive(.cutShort): "it is a zip archive that is cut short. Ask for it again"
        case .archive(.split): "it is one part of a zip archive. Unpack all parts together"
        case .archive(.hiddenDirectory), .entry(.encrypted):
            "it is encrypted. Unpack it with its password"
        case .archive(.notAnArchive), .archive(.noDirectory):
            "it is a damaged zip archive. Ask for it again"
        case .entry(let fault): "\(fault.reason). Ask for the archive again"
        case .emptyArchive: "it is a zip archive without a file. \(Self.again)"
        }
    }
}

/// Reads files of votes that were sent as a zip archive.
enum VoteArchive {
    /// The largest file of votes in an archive, in bytes: 100,000 votes have about 25 MB.
    private static let largest = 256 << 20

    /// The files of an archive in the order of its directory, without hidden ones. A damaged one is
    /// named, and the others are read. An archive in it is not opened.
    static func contents(of path: String) -> [VoteContent] {
        let archive: ZipArchive
        do {
            archive = try ZipArchive(path)
        } catch {
            return [VoteContent(path: path, bytes: .failure(.archive(error)))]
        }
        let files = archive.entries.filter { !$0.isFolder }
        guard !files.isEmpty else {
            return [VoteContent(path: path, bytes: .failure(.emptyArchive))]
        }
        return files.compactMap { entry in
            let name = entry.unicodeName ?? String(decoding: entry.rawName, as: UTF8.self)
            guard VoteFiles.isOfPeople(name) else { return nil }
            return VoteContent(path: "\(path)/\(name)", bytes: bytes(of: entry, in: archive))
        }
    }

    private static func bytes(
        of entry: ZipEntry, in archive: ZipArchive
    ) -> Result<[UInt8], VoteFileFault> {
        do {
            return .success(try archive.bytes(of: entry, limit: largest))
        } catch let fault as ZipFault {
            return .failure(.entry(fault))
        } catch {
            return .failure(.unreadable(reason: systemReason(of: error)))
        }
    }
}

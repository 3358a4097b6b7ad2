import Archives
import AtlasModel
import Files
import Foundation
import Messages

extension Collection {
    /// Opens a zip archive. Names are UTF-8; names that are not are read in the code page that fits
    /// them best (`CodePage`), and a note says so.
    static func archive(_ path: String) throws -> Collection {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw CatalogError.unreadable(path: path, reason: "no permission")
        }
        let archive: ZipArchive
        do {
            archive = try ZipArchive(path)
        } catch {
            throw CatalogError(opening: path, error)
        }
        let listed = ZipListing(archive, path: path)
        let listing = Listing(listed.entries) { entry in
            try archive.beginning(
                of: archive.entries[Int(entry.index)], count: FileKind.beginningLength)
        }.withoutAtlases.withoutHidden
        return Collection(
            path: path, entries: listing.entries, passedOver: listing.passedOver,
            notes: listed.notes
        ) { entry, examine in
            try archive.bytes(
                of: archive.entries[Int(entry.index)], limit: byteLimit,
                beginningLength: FileKind.beginningLength, examine: examine)
        }
    }
}

extension CatalogError {
    /// Why a file that should be a zip archive is none, as far as its first bytes and its name tell.
    fileprivate init(opening path: String, _ error: ArchiveError) {
        switch error {
        case .unreadable(let reason): self = .unreadable(path: path, reason: reason)
        case .split: self = .splitArchive(path: path)
        case .hiddenDirectory: self = .hiddenDirectory(path: path)
        case .noDirectory:
            self = .damagedArchive(
                path: path, reason: "its list of files is not where it should be")
        case .cutShort where Self.isPart(path): self = .splitArchive(path: path)
        case .cutShort(let whole, let next):
            let last = next.map { "; \($0) is the first that is not" } ?? ""
            self = .damagedArchive(
                path: path,
                reason: "its end is missing; \(counted(whole, "file")) at its beginning "
                    + "\(whole == 1 ? "is" : "are") complete\(last)")
        case .notAnArchive: self = Self.other(path)
        }
    }

    private static func other(_ path: String) -> CatalogError {
        let bytes: [UInt8]
        do {
            bytes = try RandomAccessFile(path).bytes(at: 0, count: FileKind.beginningLength)
        } catch {
            return .unreadable(path: path, reason: error.reason)
        }
        if bytes.isEmpty { return .emptyFile(path: path) }
        if GitLFS.isPointer(bytes) { return .pointer(path: path) }
        if isPart(path) { return .splitArchive(path: path) }
        if let kind = FileKind(of: bytes), kind != .zip {
            return .otherKind(path: path, kind: kind)
        }
        if PictureFormat(of: bytes) != nil { return .picture(path: path) }
        if bytes.starts(with: "PK".utf8) {
            return .damagedArchive(path: path, reason: "nothing of a zip archive is in it")
        }
        return .notACollection(path: path)
    }

    /// Whether the file is called like a part of an archive: `a.zip.001`, `a.z01`, `a.r00`.
    private static func isPart(_ path: String) -> Bool {
        guard let dot = path.lastIndex(of: ".") else { return false }
        let ending = path[path.index(after: dot)...].lowercased()
        let digits = ["z", "r"].contains(ending.prefix(1)) ? ending.dropFirst() : ending[...]
        return digits.count >= 2 && digits.count <= 4 && digits.allSatisfy(\.isNumber)
    }
}

import Foundation

/// The content of a file, or why there is none.
enum RegularFile: Equatable {
    case content([UInt8])
    case missing
    /// A folder, a link or a device.
    case other
    /// Its size is not the expected one, so it was not read.
    case size(Int)

    /// Reads the file at `path` whole, following no link.
    /// - Parameter expected: its size; when another is found the file is not read.
    /// - Throws: `PublishingError.unreadable`.
    static func read(_ path: String, expecting expected: Int? = nil) throws -> RegularFile {
        // Without O_NONBLOCK a named pipe would keep us waiting for its writer.
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return .missing
            case ELOOP: return .other
            default: throw PublishingError.unreadable(path: path, reason: systemReason())
            }
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw PublishingError.unreadable(path: path, reason: systemReason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return .other }
        let size = Int(status.st_size)
        if let expected, size != expected { return .size(size) }
        let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Foundation.read(file, buffer.baseAddress! + count, size - count)
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else {
                    throw PublishingError.unreadable(path: path, reason: systemReason())
                }
                if got == 0 { break }
                count += got
            }
        }
        return bytes.count == size ? .content(bytes) : .size(bytes.count)
    }
}

/// What may lie in the folder of an atlas without being a file of its edition.
enum Leftover {
    static let votes = "votes"
    /// What publishing itself puts at a destination begins so.
    static let prefix = ".geoatlas-publish"
    static let lock = prefix + ".lock"
    /// Every file that a publish not yet finished may have brought.
    static let underway = prefix + ".json"
    /// Where rsync keeps pages until all are there.
    static let delayed = ".~tmp~"

    /// Whether `path` is none of the edition's business.
    /// - Parameter isListed: whether the manifest lists a path.
    static func explains(_ path: String, isListed: (String) -> Bool) -> Bool {
        if path == lock || path == underway || path == ".gitkeep" || path == Manifest.fileName {
            return true
        }
        let parts = path.split(separator: "/")
        if parts.contains(where: { $0 == delayed }) { return true }
        // rsync writes `name` as `.name.XXXXXX` and renames it when it is whole.
        let suffix = 7
        guard let name = parts.last, name.hasPrefix("."), name.count > 1 + suffix,
            name.suffix(suffix).hasPrefix(".")
        else { return false }
        let whole = parts.dropLast() + [name.dropFirst().dropLast(suffix)]
        return isListed(whole.joined(separator: "/"))
    }
}

/// All files below `folder` except reviewers' votes; links and devices are among them.
/// - Returns: paths relative to `folder`, in no order.
/// - Throws: `PublishingError.notAFolder`, `.unreadable`.
public func atlasFiles(in folder: String) throws -> [String] {
    guard isFolder(folder) else { throw PublishingError.notAFolder(path: folder) }
    var found: [String] = []
    var folders = [""]
    while let prefix = folders.popLast() {
        guard let stream = opendir(folder + "/" + prefix) else {
            throw PublishingError.unreadable(path: folder + "/" + prefix, reason: systemReason())
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let path = prefix + name
            guard isFolder(entry.pointee.d_type, folder + "/" + path) else {
                found.append(path)
                continue
            }
            if path != Leftover.votes { folders.append(path + "/") }
        }
    }
    return found
}

/// Whether an entry is a folder, from its listing where that says it, which spares a look at each.
private func isFolder(_ type: UInt8, _ path: String) -> Bool {
    guard Int(type) == Int(DT_UNKNOWN) else { return Int(type) == Int(DT_DIR) }
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The system's words for an error number, the last one's by default.
func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

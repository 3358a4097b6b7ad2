import AtlasModel
import Files
import Foundation

extension Collection {
    /// Opens a folder.
    /// - Parameter leavingOut: paths of folders that are listed as one entry each, without their
    ///   files.
    static func folder(_ path: String, leavingOut: [String]) throws -> Collection {
        let root = URL(filePath: path).resolvingSymlinksInPath()
        guard FileManager.default.isReadableFile(atPath: root.path) else {
            throw CatalogError.unreadable(path: path, reason: "no permission")
        }
        var listing = FolderListing(root: root, leavingOut: leavingOut)
        listing.list("")
        let whole = Listing(listing.entries, passedOver: listing.passedOver) {
            beginning(of: root.appending(path: $0.path))
        }.withoutHidden
        return Collection(path: path, entries: whole.entries, passedOver: whole.passedOver) {
            entry, examine in
            do {
                let file = try RandomAccessFile(root.appending(path: entry.path).path)
                try examine(try file.bytes(at: 0, count: FileKind.beginningLength))
                return try file.bytes(at: 0, count: file.size)
            } catch let error as FileError {
                throw CatalogError.unreadable(path: entry.path, reason: error.reason)
            }
        }
    }
}

/// Lists a folder and its subfolders. An entry that cannot be opened or is not a regular file is
/// listed with the reason.
private struct FolderListing {
    /// Absolute path with links resolved.
    let root: URL
    /// Paths inside `root` of folders that are not entered.
    let leftOut: Set<String>
    private(set) var entries: [Collection.Entry]
    /// Folders that programs left behind, which are not entered.
    private(set) var passedOver = PassedOver()

    init(root: URL, leavingOut: [String]) {
        self.root = root
        let inside = root.path == "/" ? "/" : root.path + "/"
        leftOut = Set(
            leavingOut.map(Self.resolved).filter { $0.hasPrefix(inside) && $0 != inside }
                .map { String($0.dropFirst(inside.count)) })
        // Listed whether they exist or not, so that a second build gets the same listing.
        entries = leftOut.sorted().map {
            Collection.Entry(
                path: $0, index: 0, obstacle: .buildFolder)
        }
    }

    mutating func list(_ folder: String) {
        let files = FileManager.default
        let place = folder.isEmpty ? root : root.appending(path: folder)
        guard let names = try? files.contentsOfDirectory(atPath: place.path) else {
            return add(folder, .unreadableFolder)
        }
        if !folder.isEmpty, Self.isAtlas(place, names) { return add(folder, .atlasFolder) }
        for name in names {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            var status = stat()
            let known = lstat("\(place.path)/\(name)", &status) == 0
            switch known ? status.st_mode & S_IFMT : nil {
            case S_IFDIR? where leftOut.contains(path): break
            case S_IFDIR? where LeftBehind.isLeft(folder: name): passedOver.add(path)
            case S_IFDIR?: list(path)
            case S_IFREG?:
                add(
                    path, status.st_size > Collection.byteLimit ? .fileTooLarge : nil,
                    version: Self.version(status))
            case S_IFLNK?:
                // A link may lead out of the folder, or form a cycle.
                add(path, .link)
            case nil where name.unicodeScalars.contains("\u{FFFD}"):
                // Foundation replaced the bytes of the name that are not UTF-8.
                add(path, .nameNotUnicode)
            default: add(path, .notAFile)
            }
        }
    }

    private mutating func add(
        _ path: String, _ obstacle: EntryFault?, version: SIMD4<UInt64> = .zero
    ) {
        entries.append(
            Collection.Entry(path: path, index: 0, obstacle: obstacle, version: version))
    }

    /// Times to the nanosecond. A copied file may keep the modification time of the content, but
    /// not the change time of the inode.
    private static func version(_ status: stat) -> SIMD4<UInt64> {
        func time(_ time: timespec) -> UInt64 {
            UInt64(bitPattern: Int64(time.tv_sec &* 1_000_000_000 &+ time.tv_nsec))
        }
        #if canImport(Darwin)
            let (content, entry) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (content, entry) = (status.st_mtim, status.st_ctim)
        #endif
        return [UInt64(status.st_size), time(content), time(entry), UInt64(status.st_ino)]
    }

    /// Whether GeoAtlas made the folder, or is writing to it.
    private static func isAtlas(_ folder: URL, _ names: [String]) -> Bool {
        names.contains(AtlasMark.buildJournal)
            || names.contains(AtlasMark.manifest)
                && AtlasMark.isManifest(beginning(of: folder.appending(path: AtlasMark.manifest)))
    }

    /// `path`, with links resolved in the part that exists.
    private static func resolved(_ path: String) -> String {
        var existing = URL(filePath: path).standardizedFileURL
        var rest: [String] = []
        while existing.path != "/", !FileManager.default.fileExists(atPath: existing.path) {
            rest.insert(existing.lastPathComponent, at: 0)
            existing.deleteLastPathComponent()
        }
        return rest.reduce(existing.resolvingSymlinksInPath()) { $0.appending(path: $1) }.path
    }
}

/// The first bytes of a file, enough to determine its type; none of a file that cannot be opened.
private func beginning(of file: URL) -> [UInt8] {
    let bytes = try? RandomAccessFile(file.path)
        .bytes(at: 0, count: AtlasMark.manifestBeginning.count)
    return bytes ?? []
}

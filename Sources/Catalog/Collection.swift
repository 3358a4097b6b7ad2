import Foundation

/// A zip archive or folder of pictures, opened for reading.
///
/// Seams are closures: what differs between the two is how entries are listed and read.
public struct Collection: Sendable {
    public let path: String
    /// Files inside, in UTF-8 byte order of their paths; what operating systems leave behind
    /// (`__MACOSX`, `.DS_Store`, `Thumbs.db`, hidden files) is not listed.
    public let entries: [Entry]
    /// The whole content of an entry; may be called from several threads.
    private let read: @Sendable (Entry) throws -> [UInt8]

    /// A file of the collection.
    public struct Entry: Sendable, Hashable {
        /// Path inside the collection, `/` between folders.
        public let path: String
        /// Position in the archive; unused for folders.
        let index: UInt64
        /// Why it can not be read, known from the listing; `nil` when nothing is known against it.
        let obstacle: String?

        var folder: String {
            path.split(separator: "/").dropLast().last.map(String.init) ?? ""
        }

        var stem: String {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
            return String(name[..<dot])
        }
    }

    init(
        path: String, entries: [Entry], read: @escaping @Sendable (Entry) throws -> [UInt8]
    ) {
        self.path = path
        self.entries = entries.filter { !Self.isLeftBehind($0.path) }.sorted {
            $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
        }
        self.read = read
    }

    /// Opens a folder, or a file that has to be a zip archive.
    /// - Throws: `CatalogError.missing`, `.unreadable`, `.damagedArchive`, `.notACollection`.
    public static func open(_ path: String) throws -> Collection {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CatalogError.missing(path: path)
        }
        return isFolder.boolValue ? try folder(path) : try archive(path)
    }

    /// Name of the archive or folder, without its path.
    public var name: String { URL(filePath: path).standardizedFileURL.lastPathComponent }

    /// The content of `entry`.
    public func bytes(of entry: Entry) throws -> [UInt8] { try read(entry) }

    /// The content of the entry at `path`.
    public func bytes(at path: String) throws -> [UInt8] {
        guard let entry = entry(at: path) else { throw CatalogError.missing(path: path) }
        return try read(entry)
    }

    /// Binary search in the sorted entries.
    private func entry(at path: String) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path.utf8.lexicographicallyPrecedes(path.utf8) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < entries.count && entries[low].path == path ? entries[low] : nil
    }

    private static func isLeftBehind(_ path: String) -> Bool {
        path.split(separator: "/").contains {
            $0.hasPrefix(".") || $0 == "__MACOSX" || $0.lowercased() == "thumbs.db"
                || $0.lowercased() == "desktop.ini"
        }
    }

    private static func folder(_ path: String) throws -> Collection {
        let root = URL(filePath: path).resolvingSymlinksInPath()
        guard FileManager.default.isReadableFile(atPath: root.path) else {
            throw CatalogError.unreadable(path: path, reason: "no permission")
        }
        var entries: [Entry] = []
        list("", in: root, into: &entries)
        return Collection(path: path, entries: entries) { entry in
            let file = root.appending(path: entry.path)
            do {
                return [UInt8](try Data(contentsOf: file))
            } catch {
                throw CatalogError.unreadable(
                    path: entry.path, reason: "no permission, or a damaged disk")
            }
        }
    }

    /// Lists a folder of the collection and the folders in it; what cannot be entered or is no
    /// ordinary file is listed with the reason.
    private static func list(_ folder: String, in root: URL, into entries: inout [Entry]) {
        let files = FileManager.default
        let place = folder.isEmpty ? root : root.appending(path: folder)
        guard let names = try? files.contentsOfDirectory(atPath: place.path) else {
            entries.append(
                Entry(
                    path: folder, index: 0,
                    obstacle: "The folder cannot be opened. Check that you may read it."))
            return
        }
        for name in names {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            let attributes = try? files.attributesOfItem(atPath: place.appending(path: name).path)
            switch attributes?[.type] as? FileAttributeType {
            case .typeDirectory?: list(path, in: root, into: &entries)
            case .typeRegular?: entries.append(Entry(path: path, index: 0, obstacle: nil))
            case .typeSymbolicLink?:
                // It may lead out of the folder, or in a circle.
                entries.append(
                    Entry(
                        path: path, index: 0,
                        obstacle:
                            "This is a link, and links are not followed. Copy the file itself."))
            default:
                entries.append(
                    Entry(path: path, index: 0, obstacle: "This is no ordinary file. Remove it."))
            }
        }
    }
}

package import AtlasModel
package import Fingerprint
import Foundation
import Raster

/// A zip archive or folder of pictures, opened for reading.
///
/// The two differ in how entries are listed and read, which closures hide.
package struct Collection: Sendable {
    /// As the user gave it; of several, a list.
    package let path: String
    /// Name of the archive or folder, without the folders above it; of several, a list.
    package let name: String
    /// Files inside, in UTF-8 byte order of their paths. Files that programs leave behind
    /// (`LeftBehind`) are not listed. Hidden files are listed only if they
    /// begin like a picture.
    package let entries: [Entry]
    /// Tables with metadata, in the same order.
    let tables: [Entry]
    /// Files and folders that are not listed.
    package let passedOver: PassedOver
    /// Largest size in bytes of a file that is read as a picture: that of 200 million pixels of three
    /// bytes each.
    package static let byteLimit = 600_000_000
    /// What was understood of the listing that is not written exactly so, as sentences for people.
    package let notes: [String]
    /// Reads the whole content of an entry. May be called from several threads.
    private let read: Read

    /// Reads the content of an entry. `examine` receives the first bytes (`FileKind.beginningLength`),
    /// before the others are read; what it throws stops the reading.
    typealias Read =
        @Sendable (_ entry: Entry, _ examine: ([UInt8]) throws -> Void) throws -> [UInt8]

    /// A file of the collection.
    package struct Entry: Sendable, Hashable {
        /// Path inside the collection, `/` between folders.
        package let path: String
        /// Position in the archive; unused for folders.
        let index: UInt64
        /// Why it cannot be read, if the listing shows that; otherwise `nil`.
        let obstacle: EntryFault?
        /// Numbers that distinguish versions of the file without reading it: its size, and the
        /// checksum in the archive or the modification times in a folder.
        var version = SIMD4<UInt64>.zero

        /// Bytes of the file.
        var size: Int { Int(clamping: version[0]) }

        /// Whether it is read as a table with metadata.
        var isTable: Bool {
            let name = pathParts(path).name
            return obstacle == nil && name.utf8.count == MetadataTable.fileName.utf8.count
                && name.lowercased() == MetadataTable.fileName
        }

        /// File name without extension.
        var stem: Substring {
            let name = pathParts(path).name
            guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex
            else { return name }
            return name[..<dot]
        }
    }

    init(
        path: String, name: String? = nil, entries: [Entry],
        passedOver: PassedOver = PassedOver(), notes: [String] = [],
        read: @escaping Read
    ) {
        self.path = path
        self.name = name ?? URL(filePath: path).standardizedFileURL.lastPathComponent
        self.passedOver = passedOver
        self.notes = notes + [passedOver.note(in: path)].compactMap(\.self)
        let sorted = entries.sorted { $0.path.precedes($1.path) }
        self.entries = sorted.filter { !$0.isTable }
        tables = sorted.filter(\.isTable)
        self.read = read
    }

    /// Opens a folder, or a file that must be a zip archive.
    ///
    /// A subfolder that is an atlas made by GeoAtlas is listed as one entry that cannot be used.
    /// - Parameter leavingOut: paths of folders that are treated the same way if they are inside;
    ///   they need not exist.
    /// - Throws: `CatalogError.missing`, `.unreadable`, `.damagedArchive`, `.notACollection`.
    package static func open(_ path: String, leavingOut: [String] = []) throws -> Collection {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CatalogError.missing(path: path) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return try folder(path, leavingOut: leavingOut)
        case S_IFREG: return try archive(path)
        // Opening a named pipe would block until another process opens it for writing.
        default: throw CatalogError.notACollection(path: path)
        }
    }

    /// Some of the files, evenly spread over the listing; all of them if there are not more than `count`.
    package func sampled(_ count: Int) -> Collection {
        let number = min(count, entries.count)
        return Collection(
            path: path, name: name,
            entries: (0..<number).map { entries[$0 * entries.count / number] }, read: read)
    }

    /// Digest of the listing. It changes when a file is added, removed or changed.
    package var fingerprint: Fingerprint {
        var listed: [UInt8] = []
        for entry in entries + tables {
            listed += entry.path.utf8
            listed.append(0)
            listed += (entry.obstacle?.finding.kind.rawValue ?? "").utf8
            listed.append(0)
            withUnsafeBytes(of: entry.version) { listed += $0 }
        }
        return Fingerprint(of: listed)
    }

    /// The content of `entry`.
    /// - Parameter examine: receives the first bytes, before the others are read or unpacked. What it
    ///   throws stops the reading.
    package func bytes(of entry: Entry, examine: ([UInt8]) throws -> Void = { _ in }) throws
        -> [UInt8]
    {
        try read(entry, examine)
    }

    /// A digest that changes with the file at `path`; `nil` when there is none.
    package func version(at path: String) -> Fingerprint? {
        entry(at: path).map { entry in
            withUnsafeBytes(of: entry.version) { version in
                Fingerprint(of: Array(path.utf8) + version)
            }
        }
    }

    /// The content of the entry at `path`.
    package func bytes(at path: String) throws -> [UInt8] {
        guard let entry = entry(at: path) else { throw CatalogError.missing(path: path) }
        return try read(entry) { _ in }
    }

    /// Binary search in the sorted entries.
    private func entry(at path: String) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path.precedes(path) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < entries.count && entries[low].path == path ? entries[low] : nil
    }
}

/// The folder of a path in a collection, empty at the root, and the name in it. `Paths` gives the same,
/// but more slowly.
func pathParts(_ path: String) -> (folder: Substring, name: Substring) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path[...]) }
    return (path[..<slash], path[path.utf8.index(after: slash)...])
}

import AtlasModel
package import Fingerprint
import Foundation
import Raster

/// A zip archive or folder of pictures, opened for reading.
///
/// The two differ in how entries are listed and read: these are closures.
package struct Collection: Sendable {
    package let path: String
    /// Files inside, in UTF-8 byte order of their paths. What operating systems leave behind
    /// (`__MACOSX`, `.DS_Store`, `Thumbs.db`) is not listed, nor are hidden files that do not begin
    /// like a picture.
    package let entries: [Entry]
    /// Bytes that a file may have to be read as a picture: three for each pixel of the largest.
    package static let byteLimit = 3 * Picture.pixelLimit
    /// The whole content of an entry; may be called from several threads.
    private let read: @Sendable (Entry) throws -> [UInt8]

    /// A file of the collection.
    package struct Entry: Sendable, Hashable {
        /// Path inside the collection, `/` between folders.
        package let path: String
        /// Position in the archive; unused for folders.
        let index: UInt64
        /// Why it can not be read, known from the listing; `nil` when nothing is known against it.
        let obstacle: EntryFault?
        /// What the listing tells versions of the file apart by: its size, and the checksum that an
        /// archive keeps or the times at which a folder's file was changed.
        var version = SIMD4<UInt64>.zero

        /// Name of the folder it lies in directly, empty at the top.
        var folder: Substring {
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
            let above = path[..<slash]
            return above.utf8.lastIndex(of: UInt8(ascii: "/")).map {
                above[above.utf8.index(after: $0)...]
            } ?? above
        }

        /// Name without its ending.
        var stem: Substring {
            let name =
                path.utf8.lastIndex(of: UInt8(ascii: "/")).map {
                    path[path.utf8.index(after: $0)...]
                } ?? path[...]
            guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex
            else { return name }
            return name[..<dot]
        }
    }

    init(
        path: String, entries: [Entry], read: @escaping @Sendable (Entry) throws -> [UInt8]
    ) {
        self.path = path
        self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.read = read
    }

    /// Opens a folder, or a file that has to be a zip archive.
    ///
    /// A folder inside that is an atlas made by GeoAtlas is listed as one entry that cannot be used.
    /// - Parameter leavingOut: paths of folders that are treated likewise if they lie inside; they
    ///   need not exist.
    /// - Throws: `CatalogError.missing`, `.unreadable`, `.damagedArchive`, `.notACollection`.
    package static func open(_ path: String, leavingOut: [String] = []) throws -> Collection {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CatalogError.missing(path: path) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return try folder(path, leavingOut: leavingOut)
        case S_IFREG: return try archive(path)
        // Opening a named pipe would wait for its writer.
        default: throw CatalogError.notACollection(path: path)
        }
    }

    /// Name of the archive or folder, without its path.
    package var name: String { URL(filePath: path).standardizedFileURL.lastPathComponent }

    /// Digest of the listing: another when a file was added, removed or changed.
    package var fingerprint: Fingerprint {
        var listed: [UInt8] = []
        for entry in entries {
            listed += entry.path.utf8
            listed.append(0)
            listed += (entry.obstacle?.finding.kind.rawValue ?? "").utf8
            listed.append(0)
            withUnsafeBytes(of: entry.version) { listed += $0 }
        }
        return Fingerprint(of: listed)
    }

    /// The content of `entry`.
    package func bytes(of entry: Entry) throws -> [UInt8] { try read(entry) }

    /// The content of the entry at `path`.
    package func bytes(at path: String) throws -> [UInt8] {
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
}

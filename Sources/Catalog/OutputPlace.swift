import Files
import Foundation

/// Where a file is to be written.
package enum OutputPlace {
    /// Finds out, before hours of work, that `path` could not be written after it.
    /// - Parameter collection: what the work reads, which the file must not replace.
    /// - Throws: `CatalogError.notWritten` when the folder of `path` does not exist or may not be
    ///   written to, or a folder has that name; `.replacesCollection`.
    package static func require(for path: String, reading collection: String? = nil) throws {
        var status = stat()
        var source = stat()
        if let collection, stat(collection, &source) == 0, stat(path, &status) == 0,
            source.st_dev == status.st_dev, source.st_ino == status.st_ino
        {
            throw CatalogError.replacesCollection(path: path)
        }
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw CatalogError.notWritten(path: path, reason: systemReason(EISDIR))
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard stat(folder, &status) == 0 else {
            throw CatalogError.notWritten(path: path, reason: systemReason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CatalogError.notWritten(path: path, reason: systemReason(ENOTDIR))
        }
        // The file comes under another name first, so the folder decides, not an earlier file.
        guard access(folder, W_OK | X_OK) == 0 else {
            throw CatalogError.notWritten(path: path, reason: systemReason(errno))
        }
    }
}

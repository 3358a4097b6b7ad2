import Files
import Foundation

/// The place that a file will be written to.
package enum OutputPlace {
    /// Checks, before hours of work, that `path` can be written at the end.
    /// - Parameter collections: paths of the input, which the file must not replace.
    /// A device or a named pipe is written to, never replaced.
    /// - Throws: `CatalogError.notWritten` when the folder of `path` does not exist or may not be
    ///   written to, or a folder has that name; `.replacesCollection`.
    package static func require(for path: String, reading collections: [String] = [])
        throws
    {
        var status = stat()
        for collection in collections {
            if areSameFile(collection, path) {
                throw CatalogError.replacesCollection(path: path)
            }
        }
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw CatalogError.notWritten(path: path, reason: systemReason(EISDIR))
        }
        if WritePlace(path) == .special {
            guard access(path, W_OK) == 0 else {
                throw CatalogError.notWritten(path: path, reason: systemReason(errno))
            }
            return
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard stat(folder, &status) == 0 else {
            throw CatalogError.notWritten(path: path, reason: systemReason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CatalogError.notWritten(path: path, reason: systemReason(ENOTDIR))
        }
        // The file is first written under another name, so the permissions of the folder decide,
        // not those of an earlier file.
        guard access(folder, W_OK | X_OK) == 0 else {
            throw CatalogError.notWritten(path: path, reason: systemReason(errno))
        }
    }
}

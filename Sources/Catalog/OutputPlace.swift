import Foundation

/// Where a file is to be written.
public enum OutputPlace {
    /// Finds out, before hours of work, that `path` could not be written after it.
    /// - Throws: `CatalogError.notWritten` when the folder of `path` does not exist or may not be
    ///   written to, or a folder has that name.
    public static func require(for path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw CatalogError.notWritten(path: path, reason: text(EISDIR))
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard stat(folder, &status) == 0 else {
            throw CatalogError.notWritten(path: path, reason: text(errno))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CatalogError.notWritten(path: path, reason: text(ENOTDIR))
        }
        // The file comes under another name first, so the folder decides, not an earlier file.
        guard access(folder, W_OK | X_OK) == 0 else {
            throw CatalogError.notWritten(path: path, reason: text(errno))
        }
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}

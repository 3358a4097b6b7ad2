import Foundation
import SystemPackage

/// Creates files that must not exist yet.
package enum NewFile {
    /// Creates a file with this content.
    ///
    /// If several processes try this at the same time, on one machine or on several that share the
    /// folder, exactly one succeeds. So it is a lock that also works where `FileLock` does not.
    /// - Throws: `FileError`; its number is `EEXIST` when a file or link with that name exists. A
    ///   file that could not be written completely is removed.
    package static func make(
        _ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o644
    ) throws(FileError) {
        let file = try opened(
            path, .writeOnly, [.create, .exclusiveCreate],
            permissions: FilePermissions(rawValue: CInterop.Mode(permissions)))
        do {
            try OpenFile.write(bytes, to: file.rawValue, path: path)
        } catch {
            dropped(file)
            unlink(path)
            throw error
        }
        do {
            try calling(.write, path) { try file.close() }
        } catch {
            unlink(path)
            throw error
        }
    }
}

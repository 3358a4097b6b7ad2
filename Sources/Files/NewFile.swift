import Foundation
import SystemPackage

/// Files that must not be there yet.
package enum NewFile {
    /// Makes a file with this content.
    ///
    /// Of several processes that try it at a time, on one machine or on several that share the folder,
    /// one succeeds: this is the lock that also works where `FileLock` does not.
    /// - Throws: `FileError`; its number is `EEXIST` when the file, or a link of that name, is there
    ///   already. A file that could not be written whole is removed.
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

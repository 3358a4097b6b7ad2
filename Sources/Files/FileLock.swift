import Foundation
import SystemPackage

/// A lock that one process at a time holds; the system releases it when the process ends, even after
/// a crash.
///
/// It is `flock(2)`: processes that do not ask for the lock are not stopped. On file systems of other
/// machines it depends on the server whether the lock is passed on (NFS and SMB do so in current
/// versions of Linux, others may not); `NewFile` works there too. The file stays when the lock is
/// released: to remove it would let two processes hold locks on two files of one name.
package final class FileLock: Sendable {
    private let file: FileDescriptor
    private let path: String

    /// Takes the lock on the file at `path`, which is made where it is not there.
    ///
    ///     guard let lock = try FileLock(on: "workspace/.lock") else { … }  // held by somebody else
    ///
    /// - Parameter permissions: of a new file, less those that the process masks (umask).
    /// - Returns: `nil` when the lock is held already, by another process or by this one.
    /// - Throws: `FileError` when the file cannot be opened or its file system knows no locks.
    package init?(on path: String, permissions: UInt32 = 0o666) throws(FileError) {
        let file = try opened(
            path, .readWrite, [.create, .append],
            permissions: FilePermissions(rawValue: CInterop.Mode(permissions)))
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            dropped(file)
            if number == EWOULDBLOCK { return nil }
            throw FileError(.lock, path: path, number: number)
        }
        self.file = file
        self.path = path
    }

    deinit { dropped(file) }

    /// Adds bytes to the end of the locked file, which may serve as a journal.
    /// - Throws: `FileError`.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        try OpenFile.write(bytes, to: file.rawValue, path: path)
    }
}

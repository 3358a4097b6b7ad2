import Foundation
import SystemPackage

/// A lock that one process at a time holds; the system releases it when the process ends, even after
/// a crash.
///
/// It is `flock(2)`: processes that do not ask for the lock are not stopped. On file systems of other
/// machines it depends on the server whether the lock is passed on (NFS and SMB do so in current
/// versions of Linux, others may not); `NewFile` works there too. The file stays when the lock is
/// released, unless `removeFile` removed it before.
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
        while true {
            let file = try opened(
                path, .readWrite, [.create, .append],
                permissions: FilePermissions(rawValue: CInterop.Mode(permissions)))
            do throws(FileError) {
                guard try Self.lock(file, path) else {
                    dropped(file)
                    return nil
                }
            } catch {
                dropped(file)
                throw error
            }
            // Its owner may have removed the file between the two calls: then this is a lock on
            // nothing, and the next process would lock another file of the same name.
            if Self.isStill(file, at: path) {
                self.file = file
                self.path = path
                return
            }
            dropped(file)
        }
    }

    /// - Returns: whether the lock was free.
    private static func lock(_ file: FileDescriptor, _ path: String) throws(FileError) -> Bool {
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            if number == EWOULDBLOCK { return false }
            throw FileError(.lock, path: path, number: number)
        }
        return true
    }

    /// Whether the open file is the one that the path leads to now.
    private static func isStill(_ file: FileDescriptor, at path: String) -> Bool {
        var own = stat()
        guard fstat(file.rawValue, &own) == 0, let named = status(path) else { return false }
        return own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }

    deinit { dropped(file) }

    /// Adds bytes to the end of the locked file, which may serve as a journal.
    /// - Throws: `FileError`.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        try OpenFile.write(bytes, to: file.rawValue, path: path)
    }

    /// Waits until what was added is on the disk. File systems that cannot do that refuse, which is no
    /// error.
    package func synchronize() { fsync(file.rawValue) }

    /// Removes the file while the lock is held. Another process that opened it before gets no lock on
    /// it, but makes a new file.
    package func removeFile() { unlink(path) }
}

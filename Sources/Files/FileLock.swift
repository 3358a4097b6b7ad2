import Foundation
import SystemPackage

/// A lock that one process at a time can hold. The system releases it when the process ends, even
/// after a crash.
///
/// It uses `flock(2)`, which does not stop processes that do not ask for the lock. On network file
/// systems the server decides whether the lock is passed on (NFS and SMB do so in current versions
/// of Linux, others may not). `NewFile` works there too. The file remains when the lock is
/// released, unless `removeFile` removed it before.
package final class FileLock: Sendable {
    private let file: FileDescriptor
    private let path: String

    /// Locks the file at `path`, which is created if it does not exist.
    ///
    ///     guard let lock = try FileLock(on: "workspace/.lock") else { … }  // another process holds it
    ///
    /// - Parameter permissions: of a new file, reduced by the process's umask.
    /// - Returns: `nil` when another process, or this one, already holds the lock.
    /// - Throws: `FileError` when the file cannot be opened or its file system does not support
    ///   locks; its number is `ELOOP` for a link, which is not followed.
    package init?(on path: String, permissions: UInt32 = 0o666) throws(FileError) {
        while true {
            let file = try opened(
                path, .readWrite, [.create, .append, .noFollow],
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
            // The owner may have removed the file between the two calls. This would then be a lock
            // on a removed file, and the next process would lock a new file of the same name.
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

    /// Whether the open file is still the file at the path.
    private static func isStill(_ file: FileDescriptor, at path: String) -> Bool {
        var own = stat()
        guard fstat(file.rawValue, &own) == 0, let named = status(path) else { return false }
        return own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }

    deinit { dropped(file) }

    /// Appends bytes to the locked file, which may serve as a journal.
    /// - Throws: `FileError`.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        try OpenFile.write(bytes, to: file.rawValue, path: path)
    }

    /// Waits until the appended bytes are on the disk. An error is ignored, because some file
    /// systems cannot do that.
    package func synchronize() { fsync(file.rawValue) }

    /// Removes the file while the lock is held. A process that opened the file before gets no lock
    /// on it and creates a new file.
    package func removeFile() { unlink(path) }
}

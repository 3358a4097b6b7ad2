import Foundation
import SystemPackage

/// A new file that is written piece by piece, and gets its name only when it is complete and on the disk.
///
/// Several processes, also on several machines, may write the same file at the same time: each has a
/// temporary name of its own, and the last one to be complete remains.
package final class GrowingFile: Sendable {
    /// Path of the file when it is complete.
    package let path: String
    /// Path of the file until then.
    package let partial: String
    private let descriptor: FileDescriptor

    /// - Parameter tag: what no other process that writes the same file has, e.g. host and process.
    /// - Throws: `FileError`.
    package init(_ path: String, tag: String) throws(FileError) {
        self.path = path
        partial = "\(Paths.parent(of: path))/.\(Paths.name(of: path)).\(tag).partial"
        descriptor = try opened(
            partial, .readWrite, [.create, .truncate, .noFollow],
            permissions: FilePermissions(rawValue: 0o666))
    }

    deinit {
        dropped(descriptor)
        // After `finish` there is no such file.
        unlink(partial)
    }

    /// Appends bytes. One thread at a time may call this.
    /// - Throws: `FileError`, for example when the disk is full.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        try OpenFile.write(bytes, to: descriptor.rawValue, path: path)
    }

    /// Waits until all bytes are on the disk, and gives the file its name.
    /// - Throws: `FileError`.
    package func finish() throws(FileError) {
        guard fsync(descriptor.rawValue) == 0 else {
            throw FileError(.write, path: path, number: errno)
        }
        guard rename(partial, path) == 0 else {
            throw FileError(.rename, path: path, number: errno)
        }
        Folders.synchronize(Paths.parent(of: path))
    }
}

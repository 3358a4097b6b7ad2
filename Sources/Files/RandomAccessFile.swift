import Foundation
import SystemPackage

/// An open regular file of which any part can be read, from several threads.
package final class RandomAccessFile: Sendable {
    package let path: String
    /// Size in bytes when the file was opened.
    package let size: Int
    private let descriptor: FileDescriptor

    /// Opens a file. Links are followed. A named pipe does not block the caller.
    /// - Throws: `FileError`; its number is `EINVAL` for anything but a regular file.
    package init(_ path: String) throws(FileError) {
        let file = try opened(path, .readOnly, .nonBlocking)
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.kind == S_IFREG else {
            dropped(file)
            throw FileError(.open, path: path, number: EINVAL)
        }
        self.path = path
        size = Int(status.st_size)
        descriptor = file
    }

    deinit { dropped(descriptor) }

    /// The content of the file at `path`. Links are followed.
    package static func content(_ path: String) throws(FileError) -> [UInt8] {
        let file = try RandomAccessFile(path)
        return try file.bytes(at: 0, count: file.size)
    }

    /// The bytes from `offset` on; fewer than `count` at the end of the file.
    ///
    ///     try file.bytes(at: 0, count: 4)          // [80, 75, 3, 4]
    ///     try file.bytes(at: file.size, count: 4)  // []
    package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        let wanted = max(0, min(count, size - offset))
        guard wanted > 0, offset >= 0 else { return [] }
        return try calling(.read, path) {
            try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, read in
                while read < wanted {
                    let rest = UnsafeMutableRawBufferPointer(
                        UnsafeMutableBufferPointer(rebasing: buffer[read..<wanted]))
                    let more = try descriptor.read(
                        fromAbsoluteOffset: Int64(offset + read), into: rest)
                    if more == 0 { break }
                    read += more
                }
            }
        }
    }
}

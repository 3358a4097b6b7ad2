import Foundation
import SystemPackage

/// The content of a regular file, or the reason why there is none.
package enum RegularFile: Equatable, Sendable {
    case content([UInt8])
    case missing
    /// A folder, a link, a named pipe, a socket or a device.
    case other
    /// Its size in bytes differs from the expected size, so it was not read.
    case size(Int)

    /// Reads the whole file at `path`. A link in the last part of the path is not followed, and a
    /// named pipe does not block the caller.
    ///
    ///     try RegularFile.read("manifest.json")               // .content([123, …])
    ///     try RegularFile.read("manifest.json", expecting: 0)  // .size(4223)
    ///     try RegularFile.read(".")                            // .other
    ///
    /// - Parameter expected: the expected size; a file of another size is not read.
    /// - Throws: `FileError`, for example when permission is denied.
    package static func read(
        _ path: String, expecting expected: Int? = nil
    ) throws(FileError) -> RegularFile {
        let file: FileDescriptor
        do {
            // Without this option, opening a named pipe blocks until another process writes to it.
            file = try opened(path, .readOnly, [.noFollow, .nonBlocking])
        } catch {
            switch error.number {
            case ENOENT, ENOTDIR: return .missing
            // ELOOP: it is a link. ENXIO: it is a socket, or a device that is no longer there.
            case ELOOP, ENXIO: return .other
            default: throw error
            }
        }
        defer { dropped(file) }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else {
            throw FileError(.read, path: path, number: errno)
        }
        guard status.kind == S_IFREG else { return .other }
        let size = Int(status.st_size)
        if let expected, size != expected { return .size(size) }
        let bytes = try calling(.read, path) { try content(of: file, size: size) }
        return bytes.count == size ? .content(bytes) : .size(bytes.count)
    }

    /// At most `size` bytes; fewer if the file has become shorter.
    private static func content(of file: FileDescriptor, size: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let rest = UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[count..<size]))
                let read = try file.read(into: rest)
                if read == 0 { break }
                count += read
            }
        }
    }
}

import SystemPackage

/// Operations on the descriptor of an open file.
package enum OpenFile {
    /// Writes all bytes. Continues after a signal, and after a write that wrote only some of them.
    /// - Parameters:
    ///   - descriptor: of a file that is open for writing. It stays open.
    ///   - path: the name of the file in errors.
    /// - Throws: `FileError` with the operation `write`; some of the bytes may have been written.
    package static func write(
        _ bytes: [UInt8], to descriptor: Int32, path: String
    ) throws(FileError) {
        _ = try calling(.write, path) {
            try FileDescriptor(rawValue: descriptor).writeAll(bytes)
        }
    }
}

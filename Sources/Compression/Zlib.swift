internal import CZlib

/// Compression in the zlib format (RFC 1950).
package enum Zlib {
    /// - Parameter level: 1, fast, to 9, small.
    package static func compressed(_ bytes: UnsafeRawBufferPointer, level: Int32) -> [UInt8] {
        var size = compressBound(UInt(bytes.count))
        return [UInt8](unsafeUninitializedCapacity: Int(size)) { output, count in
            let ended = compress2(
                output.baseAddress, &size, bytes.bindMemory(to: UInt8.self).baseAddress,
                UInt(bytes.count), level)
            precondition(ended == Z_OK, "compressBound gave too small a bound")
            count = Int(size)
        }
    }
}

internal import CZlib

/// Compression in the gzip format (RFC 1952).
package enum Gzip {
    /// Added to the size of the window, this makes zlib write the gzip format (zlib.h,
    /// `deflateInit2`).
    private static let gzipFormat: Int32 = 16
    /// zlib's default (`DEF_MEM_LEVEL` in its zutil.h).
    private static let memoryLevel: Int32 = 8

    /// Bytes in the gzip format, compressed at zlib's fastest level.
    ///
    /// The result has no file name and no time, so the same bytes always give the same result.
    ///
    ///     Gzip.compressed(Array("aaaa".utf8))  // 31, 139, 8, …, which gunzip turns into "aaaa"
    ///     Gzip.compressed([])                  // 20 bytes, which gunzip turns into nothing
    package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // `deflateInit2` is a macro for this call.
        let begun = deflateInit2_(
            &stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + gzipFormat, memoryLevel,
            Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "zlib has too little memory, or is another version")
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            bytes.withUnsafeBufferPointer { input in
                // zlib does not write to its input, but `z_stream` does not say so.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let ended = deflate(&stream, Z_FINISH)
                precondition(ended == Z_STREAM_END, "deflateBound gave too small a bound")
            }
            count = capacity - Int(stream.avail_out)
        }
    }
}

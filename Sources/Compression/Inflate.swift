internal import CZlib

extension Unpacking {
    /// Unpacks a Deflate stream without a header (RFC 1951).
    func inflate() throws {
        var stream = z_stream()
        return try withUnsafeMutablePointer(to: &stream) { stream in
            // `inflateInit2` is a macro for this call. A negative size means: no header.
            let begun = inflateInit2_(
                stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            guard begun == Z_OK else { throw UnpackingError.tooMuchMemory }
            defer { inflateEnd(stream) }
            return try pump { input, output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let code = CZlib.inflate(stream, Z_NO_FLUSH)
                // Z_BUF_ERROR: nothing could be done without more packed bytes.
                guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(code) else {
                    throw code == Z_MEM_ERROR ? UnpackingError.tooMuchMemory : .damaged
                }
                return Step(
                    consumed: input.count - Int(stream.pointee.avail_in),
                    produced: output.count - Int(stream.pointee.avail_out),
                    isEnd: code == Z_STREAM_END)
            }
        }
    }
}

/// The checksum of zip archives and PNG files (ISO 3309), of bytes that arrive in pieces.
///
///     CRC32("123456789".utf8).value  // 0xCBF43926
package struct CRC32: Sendable, Equatable {
    package private(set) var value: UInt32 = 0

    package init() {}

    package init(_ bytes: some Sequence<UInt8>) {
        Array(bytes).withUnsafeBytes { add($0) }
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let piece = bytes.bindMemory(to: UInt8.self)
        value = UInt32(truncatingIfNeeded: crc32_z(UInt(value), piece.baseAddress, piece.count))
    }
}

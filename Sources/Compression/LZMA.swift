internal import CLZMA

extension Unpacking {
    /// Most memory for one stream. 7-Zip's strongest setting for zip archives needs 64 MiB.
    private static let memoryLimit: UInt64 = 128 << 20

    /// Unpacks an XZ stream.
    func expandXZ() throws {
        try expand(beginning: []) { lzma_stream_decoder($0, Self.memoryLimit, 0) }
    }

    /// Unpacks an LZMA stream with the header that zip archives give it: two bytes of version, two of
    /// the length of the properties, and the properties (APPNOTE.TXT, 5.8.8).
    /// - Parameter size: of the unpacked stream; `nil` for a stream that marks its end.
    func expandLZMA(size: UInt64?) throws {
        var packed: [UInt8] = []
        while packed.count < 9 {
            let more = try source()
            if more.isEmpty { throw UnpackingError.cutShort }
            packed += more
        }
        guard packed[2] == 5, packed[3] == 0 else { throw UnpackingError.damaged }
        // liblzma reads the form with the properties and the size in eight bytes, all ones for a
        // stream that marks its end.
        let length = size ?? .max
        let header = packed[4..<9] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return try expand(beginning: Array(header) + Array(packed[9...])) {
            lzma_alone_decoder($0, Self.memoryLimit)
        }
    }

    private func expand(
        beginning: [UInt8], _ begin: (UnsafeMutablePointer<lzma_stream>) -> lzma_ret
    ) throws {
        var stream = geoatlas_lzma_stream()
        return try withUnsafeMutablePointer(to: &stream) { stream in
            guard begin(stream) == LZMA_OK else { throw UnpackingError.tooMuchMemory }
            defer { lzma_end(stream) }
            return try pump(beginning: beginning) { input, output in
                stream.pointee.next_in = UnsafePointer(input.baseAddress)
                stream.pointee.avail_in = input.count
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = output.count
                let code = lzma_code(stream, LZMA_RUN)
                switch code {
                case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR: break
                case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: throw UnpackingError.tooMuchMemory
                default: throw UnpackingError.damaged
                }
                return Step(
                    consumed: input.count - stream.pointee.avail_in,
                    produced: output.count - stream.pointee.avail_out,
                    isEnd: code == LZMA_STREAM_END)
            }
        }
    }
}

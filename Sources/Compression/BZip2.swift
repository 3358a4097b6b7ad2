internal import CBZip2

extension Unpacking {
    /// Unpacks a bzip2 stream.
    func expandBZip2() throws {
        var stream = bz_stream()
        return try withUnsafeMutablePointer(to: &stream) { stream in
            guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
                throw UnpackingError.tooMuchMemory
            }
            defer { BZ2_bzDecompressEnd(stream) }
            return try pump { input, output in
                try input.withMemoryRebound(to: CChar.self) { input in
                    try output.withMemoryRebound(to: CChar.self) { output in
                        stream.pointee.next_in = input.baseAddress
                        stream.pointee.avail_in = UInt32(input.count)
                        stream.pointee.next_out = output.baseAddress
                        stream.pointee.avail_out = UInt32(output.count)
                        let code = BZ2_bzDecompress(stream)
                        guard code == BZ_OK || code == BZ_STREAM_END else {
                            throw code == BZ_MEM_ERROR ? UnpackingError.tooMuchMemory : .damaged
                        }
                        return Step(
                            consumed: input.count - Int(stream.pointee.avail_in),
                            produced: output.count - Int(stream.pointee.avail_out),
                            isEnd: code == BZ_STREAM_END)
                    }
                }
            }
        }
    }
}

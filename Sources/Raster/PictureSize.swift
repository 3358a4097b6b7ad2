import AtlasModel

extension Picture {
    /// Width and height after the EXIF orientation is applied. Those of a JPEG or PNG are read from the
    /// header alone.
    /// - Throws: `RasterError`.
    package static func size(of bytes: [UInt8]) throws(RasterError) -> (width: Int, height: Int) {
        var stated: (width: Int, height: Int)?
        switch PictureFormat(of: bytes) {
        case .jpeg: stated = JPEGFrame(of: bytes).map { ($0.width, $0.height) }
        // Both are in the first chunk, IHDR (ISO/IEC 15948, 11.2.2).
        case .png where bytes.count >= 24:
            func number(at offset: Int) -> Int {
                bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            }
            stated = (number(at: 16), number(at: 20))
        default: break
        }
        if let stated, stated.width > 0, stated.height > 0, stated.width <= pixelLimit,
            stated.height <= pixelLimit, stated.width * stated.height <= pixelLimit
        {
            return Orientation(of: bytes).swapsSides ? (stated.height, stated.width) : stated
        }
        // Anything else is decoded, which finds what is wrong.
        let decoded = try decode(bytes, PictureRequest(margin: 1, memory: nil) { _, _ in (1, 1) })
        return (decoded.width, decoded.height)
    }
}

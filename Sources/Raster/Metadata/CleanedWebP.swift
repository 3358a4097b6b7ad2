import AtlasModel

extension CleanedPicture {
    /// A WebP file without EXIF, XMP and unknown chunks (RFC 9649, 2.3 to 2.7).
    static func webp(_ file: [UInt8]) -> CleanedPicture {
        let orientation = Orientation(of: file)
        let exif = ExifBlock.webpChunk(orientation)
        var removed: RemovedData = []
        var chunks: [UInt8] = []
        var position = 12
        while position + 8 <= file.count {
            let length = number(file, at: position + 4)
            let end = min(file.count, position + 8 + length + length % 2)
            let body = file[min(end, position + 8)..<end]
            switch String(decoding: file[position..<position + 4], as: UTF8.self) {
            case "VP8X":
                var chunk = Array(file[position..<end])
                // The flags 0x08 and 0x04 tell of EXIF and XMP.
                if chunk.count > 8 { chunk[8] = chunk[8] & ~0x0C | (exif == nil ? 0 : 0x08) }
                chunks += chunk
            case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP": chunks += file[position..<end]
            case "EXIF":
                let tiff = body.starts(with: Array("Exif\0\0".utf8)) ? body.dropFirst(6) : body
                if let exif, file[position..<end].elementsEqual(exif) { break }
                removed.formUnion(ExifBlock.told(by: tiff))
            default: removed.formUnion(RemovedData(text: body))
            }
            position = end
        }
        guard !removed.isEmpty else { return CleanedPicture(bytes: file, removed: []) }
        chunks += exif ?? []
        let size = UInt32(truncatingIfNeeded: chunks.count + 4)
        return CleanedPicture(
            bytes: Array("RIFF".utf8) + ExifBlock.littleEndian(size) + Array("WEBP".utf8) + chunks,
            removed: removed)
    }

    private static func number(_ file: [UInt8], at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
    }
}

extension ExifBlock {
    /// The chunk of a WebP file with the orientation; `nil` for an upright picture.
    static func webpChunk(_ orientation: Orientation) -> [UInt8]? {
        guard orientation != .upright else { return nil }
        let body = block(orientation)
        return Array("EXIF".utf8) + littleEndian(UInt32(body.count)) + body
    }

    static func littleEndian(_ number: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }
}

import AtlasModel

extension CleanedPicture {
    /// A WebP file without EXIF, XMP and unknown chunks (RFC 9649, 2.3 to 2.7).
    static func webp(_ file: [UInt8]) -> CleanedPicture {
        let exif = ExifBlock.webpChunk(Orientation(of: file))
        var cutting = Cutting(file)
        var position = WebPChunk.first
        while let chunk = WebPChunk(in: file, at: position) {
            position = chunk.whole.upperBound
            switch chunk.type {
            case "VP8X":
                var header = Array(file[chunk.whole])
                // The flags 0x08 and 0x04 tell of EXIF and XMP.
                if header.count > 8 { header[8] = header[8] & ~0x0C | (exif == nil ? 0 : 0x08) }
                cutting.replace(chunk.whole, with: header, [])
            case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP": cutting.keep(chunk.whole)
            case "EXIF":
                if let exif, file[chunk.whole].elementsEqual(exif) { break }
                cutting.drop(
                    chunk.whole, ExifBlock.told(by: ExifBlock.withoutMark(file[chunk.content])))
            default: cutting.drop(chunk.whole, RemovedData(text: file[chunk.content]))
            }
        }
        let chunks = cutting.parts + (exif.map { [.made($0)] } ?? [])
        let size = chunks.reduce(4) { size, part in
            switch part {
            case .kept(let range): size + range.count
            case .made(let bytes): size + bytes.count
            }
        }
        let head =
            Array("RIFF".utf8) + ExifBlock.littleEndian(UInt32(truncatingIfNeeded: size))
            + Array("WEBP".utf8)
        return CleanedPicture(file, [.made(head)] + chunks, removed: cutting.removed)
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

import AtlasModel

extension CleanedPicture {
    /// A JPEG file reduced to the segments that a decoder needs (ITU-T T.81, annex B). Segments are
    /// found as libjpeg finds them, so that what it passes over is not published either.
    static func jpeg(_ file: [UInt8]) -> CleanedPicture {
        var cutting = Cutting(file)
        cutting.keep(0..<2)
        var position = 2
        // Only a block before the first scan gives the orientation.
        var exif: [UInt8]? = ExifBlock.jpegSegment(Orientation(of: file))
        while let marker = JPEGMarker(in: file, from: position) {
            cutting.drop(position..<marker.start)
            position = marker.end
            switch marker.code {
            case 0xD9:
                cutting.keep(marker.start..<marker.end)
                // Second pictures, films and notes of phones follow the end of the picture.
                cutting.drop(marker.end..<file.count)
                return cutting.result
            case 0x01, 0xD0...0xD8:
                cutting.drop(marker.start..<marker.end)
            default:
                guard let body = marker.body(in: file) else {
                    cutting.drop(marker.start..<file.count)
                    return cutting.result
                }
                let segment = marker.start..<body.upperBound
                position = body.upperBound
                if marker.code == 0xDA {
                    exif = []
                    position = JPEGMarker.endOfScan(in: file, from: body.upperBound)
                    cutting.keep(marker.start..<position)
                } else if marker.isExif(body, in: file) {
                    cutting.replace(
                        segment, with: exif ?? [],
                        ExifBlock.told(by: file[body].dropFirst(JPEGMarker.exif.count)))
                    exif = []
                } else {
                    keepSegment(marker, body, of: file, in: &cutting)
                }
            }
        }
        cutting.drop(position..<file.count)
        return cutting.result
    }

    /// Keeps a segment, or the part of it that is needed.
    private static func keepSegment(
        _ marker: JPEGMarker, _ body: Range<Int>, of file: [UInt8], in cutting: inout Cutting
    ) {
        let segment = marker.start..<body.upperBound
        let content = file[body]
        switch marker.code {
        // Frames, Huffman and quantization tables, number of lines, restart interval.
        case 0xC0...0xCF, 0xDB, 0xDC, 0xDD: cutting.keep(segment)
        case 0xE0 where content.starts(with: Array("JFIF\0".utf8)) && content.count >= 14:
            // Without its thumbnail: version, unit and density stay (JFIF 1.02).
            let head = Array(content.prefix(12)) + [0, 0]
            cutting.replace(segment, with: [0xFF, 0xE0, 0, 16] + head)
        case 0xE2 where content.starts(with: Array("ICC_PROFILE\0".utf8)): cutting.keep(segment)
        case 0xEE where content.starts(with: Array("Adobe".utf8)) && content.count >= 12:
            cutting.replace(segment, with: [0xFF, 0xEE, 0, 14] + content.prefix(12))
        default: cutting.drop(segment, RemovedData(text: content))
        }
    }
}

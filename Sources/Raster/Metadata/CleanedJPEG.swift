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

/// A marker of a JPEG file.
struct JPEGMarker {
    /// What an EXIF segment begins with.
    static let exif = Array("Exif\0\0".utf8)

    let code: UInt8
    /// The place of its first byte; fill bytes (ITU-T T.81, B.1.1.2) belong to it.
    let start: Int
    let end: Int

    /// The next marker; `nil` when there is none.
    init?(in file: [UInt8], from position: Int) {
        var place = position
        while let start = file[place...].firstIndex(of: 0xFF) {
            var last = start + 1
            while last < file.count, file[last] == 0xFF { last += 1 }
            guard last < file.count else { return nil }
            if file[last] != 0 {
                (code, self.start, end) = (file[last], start, last + 1)
                return
            }
            place = last + 1
        }
        return nil
    }

    /// The place after the coded data of a scan.
    static func endOfScan(in file: [UInt8], from position: Int) -> Int {
        var place = position
        while let marker = JPEGMarker(in: file, from: place) {
            guard (0xD0...0xD7).contains(marker.code) else { return marker.start }
            place = marker.end
        }
        return file.count
    }

    /// The bytes of the segment after its length; `nil` when the file ends before.
    func body(in file: [UInt8]) -> Range<Int>? {
        guard end + 2 <= file.count else { return nil }
        let length = Int(file[end]) << 8 | Int(file[end + 1])
        guard length >= 2, end + length <= file.count else { return nil }
        return end + 2..<end + length
    }

    func isExif(_ body: Range<Int>, in file: [UInt8]) -> Bool {
        code == 0xE1 && file[body].starts(with: Self.exif)
    }
}

/// A marker of a JPEG file (ITU-T T.81, B.1.1). Markers are found as libjpeg finds them: it passes over
/// bytes that belong to no segment.
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

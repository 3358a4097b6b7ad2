/// The frame header of a JPEG: how it is encoded (ITU-T T.81, B.2.2 and table B.1).
struct JPEGFrame {
    /// The marker: 0xC0 to 0xCF for SOF0 to SOF15, 0xF7 for JPEG-LS.
    let marker: UInt8
    /// Bits of a sample.
    let precision: UInt8
    let width: Int
    let height: Int

    /// - Returns: `nil` when no header is found, which the decoder then says.
    init?(of bytes: [UInt8]) {
        var position = 2
        while let marker = JPEGMarker(in: bytes, from: position), marker.code != 0xDA,
            let body = marker.body(in: bytes)
        {
            let frame = bytes[body]
            // DHT, JPG and DAC have numbers between those of frames.
            if (0xC0...0xCF).contains(marker.code) && ![0xC4, 0xC8, 0xCC].contains(marker.code)
                || marker.code == 0xF7, frame.count >= 5
            {
                let numbers = Array(frame.prefix(5)).map(Int.init)
                self.marker = marker.code
                precision = frame[frame.startIndex]
                height = numbers[1] << 8 | numbers[2]
                width = numbers[3] << 8 | numbers[4]
                return
            }
            position = body.upperBound
        }
        return nil
    }

    /// Whether the entropy coding is arithmetic, which no browser reads.
    var isArithmetic: Bool { marker == 0xC9 || marker == 0xCA }

    /// Why the picture is not read; `nil` when it is.
    var fault: RasterError? {
        let advice =
            "Convert it, for example with ImageMagick on a computer that reads it: "
            + "mogrify -format png FILE"
        switch marker {
        case 0xC0, 0xC1, 0xC2, 0xC9, 0xCA:
            return precision == 8
                ? nil
                : .unsupported(
                    detail: "a JPEG with \(precision) bits a sample instead of 8", advice: advice)
        case 0xC3, 0xCB: return .unsupported(detail: "a lossless JPEG", advice: advice)
        case 0xF7: return .unsupported(detail: "a JPEG-LS", advice: advice)
        default: return .unsupported(detail: "a hierarchical JPEG", advice: advice)
        }
    }
}

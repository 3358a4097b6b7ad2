import AtlasModel
internal import CJPEG
internal import CPNG

extension Picture {
    /// The largest number of pixels of a picture; a file that claims more is damaged or malicious.
    package static let pixelLimit = 200_000_000

    /// Decodes a picture file to RGB. The EXIF orientation is applied, transparency is blended with
    /// white, grey and palettes become RGB, CMYK is converted without a colour profile, and of 16
    /// bits the upper 8 are kept.
    ///
    /// A blue pixel with an alpha of 64 becomes (191, 191, 255). JPEGs are decoded with libjpeg's
    /// defaults (accurate integer DCT, smooth chroma), as in Pillow.
    /// - Throws: `RasterError`. A file that ends too early is damaged.
    package init(decoding bytes: [UInt8]) throws(RasterError) {
        let orientation = Orientation(of: bytes)
        let stored =
            switch try PictureFormat.required(bytes) {
            case .jpeg: try Self.decodeJPEG(bytes)
            case .png: try Self.decodePNG(bytes)
            }
        self = stored.upright(from: orientation)
    }

    /// Width and height after the EXIF orientation is applied, read from the header alone.
    /// - Throws: `RasterError`.
    package static func size(of bytes: [UInt8]) throws(RasterError) -> (width: Int, height: Int) {
        var width: Int32 = 0
        var height: Int32 = 0
        var message = [CChar](repeating: 0, count: 200)
        let status: Int32
        switch try PictureFormat.required(bytes) {
        case .jpeg:
            var channels: Int32 = 0
            var adobe: Int32 = 0
            status = geoatlas_jpeg_decode(
                bytes, bytes.count, pixelLimit, nil, &width, &height, &channels, &adobe, &message)
        case .png:
            status = geoatlas_png_decode(
                bytes, bytes.count, pixelLimit, nil, &width, &height, &message)
        }
        try check(status, message, width, height)
        return Orientation(of: bytes).swapsSides
            ? (Int(height), Int(width)) : (Int(width), Int(height))
    }

    private static func decodeJPEG(_ bytes: [UInt8]) throws(RasterError) -> Picture {
        var buffer: UnsafeMutablePointer<UInt8>?
        var width: Int32 = 0
        var height: Int32 = 0
        var channels: Int32 = 0
        var adobe: Int32 = 0
        var message = [CChar](repeating: 0, count: 200)
        let status = geoatlas_jpeg_decode(
            bytes, bytes.count, pixelLimit, &buffer, &width, &height, &channels, &adobe, &message)
        try check(status, message, width, height)
        defer { free(buffer) }
        let count = Int(width) * Int(height)
        let stored = UnsafeBufferPointer(start: buffer, count: count * Int(channels))
        let pixels = channels == 3 ? Array(stored) : rgb(cmyk: stored, inverted: adobe != 0)
        return Picture(width: Int(width), height: Int(height), pixels: pixels)
    }

    private static func decodePNG(_ bytes: [UInt8]) throws(RasterError) -> Picture {
        var buffer: UnsafeMutablePointer<UInt8>?
        var width: Int32 = 0
        var height: Int32 = 0
        var message = [CChar](repeating: 0, count: 200)
        let status = geoatlas_png_decode(
            bytes, bytes.count, pixelLimit, &buffer, &width, &height, &message)
        try check(status, message, width, height)
        defer { free(buffer) }
        let count = Int(width) * Int(height)
        let stored = UnsafeBufferPointer(start: buffer, count: count * 4)
        let pixels = [UInt8](unsafeUninitializedCapacity: count * 3) { target, filled in
            for pixel in 0..<count {
                let alpha = Int(stored[pixel * 4 + 3])
                for channel in 0..<3 {
                    let colour = Int(stored[pixel * 4 + channel])
                    target[pixel * 3 + channel] = UInt8(
                        (colour * alpha + 255 * (255 - alpha) + 127) / 255)
                }
            }
            filled = count * 3
        }
        return Picture(width: Int(width), height: Int(height), pixels: pixels)
    }

    /// The RGB colours of CMYK, (1 − ink)(1 − black), halves rounded up. Adobe's files store 255
    /// for no ink (`inverted`).
    private static func rgb(cmyk stored: UnsafeBufferPointer<UInt8>, inverted: Bool) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(stored.count / 4 * 3)
        for pixel in stride(from: 0, to: stored.count, by: 4) {
            func white(_ ink: Int) -> Int {
                Int(inverted ? stored[pixel + ink] : 255 - stored[pixel + ink])
            }
            let black = white(3)
            for ink in 0..<3 { pixels.append(UInt8((white(ink) * black + 127) / 255)) }
        }
        return pixels
    }

    private static func check(
        _ status: Int32, _ message: [CChar], _ width: Int32, _ height: Int32
    ) throws(RasterError) {
        switch status {
        case 0: return
        case 2:
            throw .tooLarge(width: Int(width), height: Int(height), limit: pixelLimit)
        default: throw .damaged(detail: text(message))
        }
    }

    static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension PictureFormat {
    fileprivate static func required(_ bytes: [UInt8]) throws(RasterError) -> PictureFormat {
        if bytes.isEmpty { throw .empty }
        guard let format = PictureFormat(of: bytes) else { throw .unknownFormat }
        return format
    }
}

package import AtlasModel
internal import CJPEG
internal import CPNG
internal import CWebP

extension Picture {
    /// The picture in a format for browsers; the same picture gives the same bytes.
    /// - Parameters:
    ///   - format: one that every browser shows.
    ///   - quality: 1…100 as libjpeg and libwebp count; PNG has none.
    /// - Throws: `RasterError.notEncoded`.
    package func encoded(as format: PictureFormat, quality: Int) throws(RasterError) -> [UInt8] {
        switch format {
        case .jpeg: try jpeg(quality: quality)
        case .png: try png()
        case .webp: try webp(quality: quality)
        case .tiff, .heif: preconditionFailure("no browser shows \(format.title)")
        }
    }

    /// The picture as a lossy WebP; the same picture gives the same bytes.
    /// - Throws: `RasterError.notEncoded`.
    private func webp(quality: Int) throws(RasterError) -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let count = WebPEncodeRGB(
            pixels, Int32(width), Int32(height), Int32(width * 3), Float(quality), &buffer)
        defer { WebPFree(buffer) }
        guard count > 0 else { throw .notEncoded(detail: "libwebp could not encode it") }
        return Array(UnsafeBufferPointer(start: buffer, count: count))
    }

    /// The file, or, if no browser reads its coding, another with exactly the same picture: a JPEG with
    /// arithmetic coding gets Huffman codes.
    /// - Throws: `RasterError.notEncoded`.
    package static func readableByBrowsers(_ file: [UInt8]) throws(RasterError) -> [UInt8] {
        guard PictureFormat(of: file) == .jpeg, JPEGFrame(of: file)?.isArithmetic == true else {
            return file
        }
        var buffer: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        var message = [CChar](repeating: 0, count: 200)
        let status = geoatlas_jpeg_recode(file, file.count, &buffer, &count, &message)
        guard status == 0 else { throw .notEncoded(detail: Self.text(message)) }
        defer { free(buffer) }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(count)))
    }

    /// The picture as a baseline JPEG; the same picture gives the same bytes.
    /// - Parameters:
    ///   - quality: 1…100, libjpeg's scale.
    ///   - fullChroma: colour at full resolution (4:4:4), for small or finely coloured pictures.
    /// - Throws: `RasterError.notEncoded`.
    package func jpeg(quality: Int, fullChroma: Bool = false) throws(RasterError) -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        var message = [CChar](repeating: 0, count: 200)
        let status = geoatlas_jpeg_encode(
            pixels, Int32(width), Int32(height), Int32(quality), fullChroma ? 1 : 0, &buffer,
            &count, &message)
        guard status == 0 else { throw .notEncoded(detail: Self.text(message)) }
        defer { free(buffer) }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(count)))
    }

    /// The picture as an RGB PNG of 8 bits; the same picture gives the same bytes.
    /// - Throws: `RasterError.notEncoded`.
    package func png() throws(RasterError) -> [UInt8] {
        try png(pixels, channels: 3)
    }

    /// The picture as an RGBA PNG of 8 bits; the same picture gives the same bytes.
    /// - Parameter isShown: for each pixel, row-major, whether it is opaque; the others are transparent.
    /// - Throws: `RasterError.notEncoded`.
    package func png(showing isShown: [Bool]) throws(RasterError) -> [UInt8] {
        precondition(isShown.count == width * height, "one value a pixel")
        var samples: [UInt8] = []
        samples.reserveCapacity(isShown.count * 4)
        for (place, isOpaque) in isShown.enumerated() {
            samples += pixels[place * 3..<place * 3 + 3]
            samples.append(isOpaque ? 255 : 0)
        }
        return try png(samples, channels: 4)
    }

    private func png(_ samples: [UInt8], channels: Int) throws(RasterError) -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        var count = 0
        var message = [CChar](repeating: 0, count: 200)
        let status = geoatlas_png_encode(
            samples, Int32(width), Int32(height), Int32(channels), &buffer, &count, &message)
        guard status == 0 else { throw .notEncoded(detail: Self.text(message)) }
        defer { free(buffer) }
        return Array(UnsafeBufferPointer(start: buffer, count: count))
    }
}

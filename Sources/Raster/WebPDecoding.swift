internal import CWebP

extension DecodingJob {
    func decodeWebP() throws(RasterError) -> Picture {
        try bytes.withUnsafeBufferPointer { bytes throws(RasterError) in
            guard let base = bytes.baseAddress else { throw RasterError.empty }
            var features = WebPBitstreamFeatures()
            try Self.check(WebPGetFeatures(base, bytes.count, &features))
            try begin(width: Int(features.width), height: Int(features.height))
            let profile = Self.profile(in: bytes)
            guard features.has_animation != 0 else {
                return try decode(bytes, features, profile)
            }
            add(.animation)
            return try decodeFirstFrame(bytes, profile)
        }
    }

    /// Decodes a still picture, at once in a reduced size if it is much larger than needed.
    private func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, _ features: WebPBitstreamFeatures,
        _ profile: UnsafeRawBufferPointer?
    ) throws(RasterError) -> Picture {
        let (width, height) = (Int(features.width), Int(features.height))
        let divisor = divisor(among: Array(1...64))
        let (newWidth, newHeight) = (width / divisor, height / divisor)
        // Lossless pictures are unpacked as a whole, four bytes a pixel; of lossy ones only the alpha
        // is. The fifth byte is for tables and rows.
        let isLossless = features.format == 2
        try claim(
            newWidth * newHeight * 4
                + (isLossless ? width * height * 5 : features.has_alpha != 0 ? width * height : 0))
        let rows = try Self.rows(of: bytes, size: (newWidth, newHeight), isReduced: divisor > 1)
        defer { rows.end() }
        if !rows.isComplete {
            let detail = "the file ends too early"
            guard rows.count > 0 else { throw .damaged(detail: detail) }
            add(.damaged(detail: detail))
        }
        let layout: PixelLayout = .rgba
        var canvas = canvas(width: newWidth, height: newHeight)
        var mixer = PixelRows(
            layout, width: newWidth,
            profile: profile.flatMap { ColourProfile(icc: $0, layout: layout) })
        for row in 0..<rows.count { mixer.withRGB(rows.row(row)) { canvas.add($0) } }
        return canvas.picture()
    }

    /// The first picture of an animation, on a white canvas.
    private func decodeFirstFrame(
        _ bytes: UnsafeBufferPointer<UInt8>, _ profile: UnsafeRawBufferPointer?
    ) throws(RasterError) -> Picture {
        var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
        var state = WEBP_DEMUX_PARSE_ERROR
        guard let demuxer = WebPDemuxPartial(&data, &state) else {
            throw .damaged(detail: "no frame")
        }
        defer { WebPDemuxDelete(demuxer) }
        var frame = WebPIterator()
        guard WebPDemuxGetFrame(demuxer, 1, &frame) != 0 else { throw .damaged(detail: "no frame") }
        defer { WebPDemuxReleaseIterator(&frame) }
        let (width, height) = (Int(frame.width), Int(frame.height))
        try claim(width * height * 12)
        let rows = try Self.rows(
            of: UnsafeBufferPointer(start: frame.fragment.bytes, count: frame.fragment.size),
            size: (width, height), isReduced: false)
        defer { rows.end() }
        if !rows.isComplete {
            guard rows.count > 0 else { throw .damaged(detail: "the file ends too early") }
            add(.damaged(detail: "the file ends too early"))
        }
        var canvas = canvas(width: size.width, height: size.height)
        var mixer = PixelRows(
            .rgba, width: size.width,
            profile: profile.flatMap { ColourProfile(icc: $0, layout: .rgba) })
        let (left, top) = (Int(frame.x_offset), Int(frame.y_offset))
        var row = [UInt8](repeating: 0, count: size.width * 4)
        for y in 0..<size.height {
            for index in row.indices { row[index] = 0 }
            if y >= top, y - top < rows.count {
                let stored = rows.row(y - top)
                for index in 0..<min(stored.count, row.count - left * 4) {
                    row[left * 4 + index] = stored[index]
                }
            }
            row.withUnsafeBufferPointer { mixer.withRGB($0) { canvas.add($0) } }
        }
        return canvas.picture()
    }

    /// The rows of RGBA that libwebp decoded.
    private struct Rows {
        let decoder: OpaquePointer
        let config: UnsafeMutablePointer<WebPDecoderConfig>
        let pixels: UnsafePointer<UInt8>?
        let width: Int
        let stride: Int
        let count: Int
        let isComplete: Bool

        func row(_ index: Int) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(start: pixels.map { $0 + index * stride }, count: width * 4)
        }

        func end() {
            WebPIDelete(decoder)
            WebPFreeDecBuffer(&config.pointee.output)
            config.deallocate()
        }
    }

    private static func rows(
        of bytes: UnsafeBufferPointer<UInt8>, size: (width: Int, height: Int), isReduced: Bool
    ) throws(RasterError) -> Rows {
        let config = UnsafeMutablePointer<WebPDecoderConfig>.allocate(capacity: 1)
        guard WebPInitDecoderConfig(config) != 0 else {
            config.deallocate()
            throw .damaged(detail: "another version of libwebp")
        }
        config.pointee.output.colorspace = MODE_RGBA
        if isReduced {
            config.pointee.options.use_scaling = 1
            config.pointee.options.scaled_width = Int32(size.width)
            config.pointee.options.scaled_height = Int32(size.height)
        }
        guard let decoder = WebPIDecode(nil, 0, config) else {
            config.deallocate()
            throw .damaged(detail: "no memory")
        }
        let status = WebPIUpdate(decoder, bytes.baseAddress, bytes.count)
        var last: Int32 = 0
        var (width, height, stride): (Int32, Int32, Int32) = (0, 0, 0)
        let pixels = WebPIDecGetRGB(decoder, &last, &width, &height, &stride)
        let rows = Rows(
            decoder: decoder, config: config, pixels: pixels, width: size.width,
            stride: Int(stride), count: pixels == nil ? 0 : min(Int(last), size.height),
            isComplete: status == VP8_STATUS_OK)
        guard status == VP8_STATUS_OK || status == VP8_STATUS_SUSPENDED || rows.count > 0 else {
            rows.end()
            try check(status)
            throw .damaged(detail: "no pixels")
        }
        return rows
    }

    private static func check(_ status: VP8StatusCode) throws(RasterError) {
        switch status {
        case VP8_STATUS_OK: return
        case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED:
            throw .damaged(detail: "the file ends too early")
        case VP8_STATUS_OUT_OF_MEMORY: throw .damaged(detail: "no memory")
        case VP8_STATUS_UNSUPPORTED_FEATURE:
            throw .damaged(detail: "it has a feature that libwebp does not know")
        default: throw .damaged(detail: "its data is no WebP")
        }
    }

    /// The ICC profile inside the file.
    private static func profile(in bytes: UnsafeBufferPointer<UInt8>) -> UnsafeRawBufferPointer? {
        var position = 12
        while position + 8 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[position + 4 + $1]) << (8 * $1) }
            let end = position + 8 + length
            guard end <= bytes.count else { return nil }
            if bytes[position..<position + 4].elementsEqual("ICCP".utf8) {
                return UnsafeRawBufferPointer(
                    UnsafeBufferPointer(rebasing: bytes[position + 8..<end]))
            }
            position = end + length % 2
        }
        return nil
    }
}

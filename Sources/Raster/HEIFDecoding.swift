internal import CHEIF

extension DecodingJob {
    /// The functions of libheif; `nil` when it is not installed. They are loaded once.
    private static let library: HEIFLibrary? = {
        var functions = geoatlas_heif_library()
        return geoatlas_heif_load(&functions) != 0 ? HEIFLibrary(functions: functions) : nil
    }()

    /// The functions never change after they are loaded.
    private struct HEIFLibrary: @unchecked Sendable {
        let functions: geoatlas_heif_library
    }

    /// What to do when libheif, or its decoder of this kind of picture, is missing.
    private static let advice =
        "Install libheif with its decoders (Debian: apt-get install libheif1), or convert the picture, "
        + "for example with: heif-convert FILE FILE.jpg"

    func decodeHEIF() throws(RasterError) -> Picture {
        guard let heif = Self.library?.functions else {
            throw .unsupported(
                detail: "a HEIC or AVIF picture, and libheif is not installed", advice: Self.advice)
        }
        return try bytes.withUnsafeBufferPointer { bytes throws(RasterError) in
            guard let context = heif.context_alloc() else {
                throw RasterError.damaged(detail: "no memory")
            }
            defer { heif.context_free(context) }
            try Self.check(heif.read(context, bytes.baseAddress, bytes.count, nil))
            var handle: UnsafeMutableRawPointer?
            try Self.check(heif.primary(context, &handle))
            guard let handle else { throw RasterError.damaged(detail: "no picture") }
            defer { heif.handle_release(handle) }
            let count = Int(heif.top_level_count(context))
            if count > 1 { add(.pages(count)) }
            return try decode(handle, heif)
        }
    }

    /// libheif turns and mirrors the picture as the file says.
    private func decode(_ handle: UnsafeMutableRawPointer, _ heif: geoatlas_heif_library)
        throws(RasterError) -> Picture
    {
        try begin(width: Int(heif.handle_width(handle)), height: Int(heif.handle_height(handle)))
        // RGBA, and the planes that it is made from.
        try claim(size.width * size.height * 8)
        var image: UnsafeMutableRawPointer?
        try Self.check(
            heif.decode(
                handle, &image, Int32(geoatlas_heif_rgb),
                Int32(geoatlas_heif_rgba), nil))
        guard let image else { throw .damaged(detail: "no picture") }
        defer { heif.image_release(image) }
        let channel = Int32(geoatlas_heif_interleaved)
        var stride: Int32 = 0
        guard let plane = heif.plane(image, channel, &stride),
            Int(heif.image_width(image, channel)) == size.width,
            Int(heif.image_height(image, channel)) == size.height
        else { throw .damaged(detail: "its size is not that of its header") }
        var canvas = canvas(width: size.width, height: size.height)
        var rows = PixelRows(.rgba, width: size.width, profile: Self.profile(of: handle, heif))
        for y in 0..<size.height {
            let row = UnsafeBufferPointer(start: plane + y * Int(stride), count: size.width * 4)
            rows.withRGB(row) { canvas.add($0) }
        }
        return canvas.picture()
    }

    private static func profile(of handle: UnsafeMutableRawPointer, _ heif: geoatlas_heif_library)
        -> ColourProfile?
    {
        let count = heif.profile_size(handle)
        guard count > 0 else { return nil }
        var profile = [UInt8](repeating: 0, count: count)
        guard heif.profile(handle, &profile).code == 0 else { return nil }
        return profile.withUnsafeBytes { ColourProfile(icc: $0, layout: .rgba) }
    }

    private static func check(_ error: geoatlas_heif_error) throws(RasterError) {
        guard error.code != 0 else { return }
        let detail = error.message.map { String(cString: $0) } ?? "error \(error.code)"
        // heif_error_Unsupported_filetype, _Unsupported_feature, and _Decoder_plugin_error.
        guard ![3, 4, 7].contains(error.code) else {
            throw .unsupported(detail: "a HEIC or AVIF picture: \(detail)", advice: advice)
        }
        throw .damaged(detail: detail)
    }
}

internal import CJPEG

extension DecodingJob {
    /// Largest number of blocks of 8 × 8 coefficients that are read, over all scans. A progressive
    /// picture of 100 million pixels with the usual ten scans has 15 million; a malicious one of some
    /// kilobytes can have thousands of scans (libjpeg-turbo, "Two issues with the JPEG standard").
    static let blockLimit = 50_000_000

    func decodeJPEG() throws(RasterError) -> Picture {
        if let fault = JPEGFrame(of: bytes)?.fault { throw fault }
        return try bytes.withUnsafeBufferPointer { bytes throws(RasterError) in
            guard let reader = geoatlas_jpeg_open(bytes.baseAddress, bytes.count) else {
                throw RasterError.damaged(detail: "no memory")
            }
            defer { geoatlas_jpeg_close(reader) }
            guard reader.pointee.is_broken == 0 else {
                throw RasterError.damaged(detail: reader.message)
            }
            return try decode(reader)
        }
    }

    private func decode(_ reader: UnsafeMutablePointer<geoatlas_jpeg>) throws(RasterError)
        -> Picture
    {
        let info = reader.pointee.info
        try begin(width: Int(info.image_width), height: Int(info.image_height))
        try claim(geoatlas_jpeg_memory(reader))
        let divisor = divisor(among: [1, 2, 4, 8])
        let started = geoatlas_jpeg_start(reader, Int32(divisor), Self.blockLimit) == 0
        try checkWork(reader)
        guard started, reader.pointee.is_empty == 0 else {
            throw .damaged(detail: reader.message)
        }
        let (width, height) = (
            Int(reader.pointee.info.output_width), Int(reader.pointee.info.output_height)
        )
        var canvas = canvas(width: width, height: height)
        var rows = PixelRows(
            reader.layout, width: width, profile: Self.profile(of: reader, reader.layout))
        var row = [UInt8](repeating: 0, count: width * reader.layout.channels)
        var isBroken = false
        while canvas.rowCount < height, !isBroken {
            isBroken = geoatlas_jpeg_row(reader, &row) != 0
            if isBroken { break }
            row.withUnsafeBufferPointer { rows.withRGB($0) { canvas.add($0) } }
        }
        try checkWork(reader)
        if !isBroken { geoatlas_jpeg_finish(reader) }
        if isBroken || reader.pointee.errors.damage != 0 {
            guard canvas.rowCount > 0, reader.pointee.is_empty == 0 else {
                throw .damaged(detail: reader.message)
            }
            add(.damaged(detail: reader.message))
        }
        return canvas.picture()
    }

    private func checkWork(_ reader: UnsafeMutablePointer<geoatlas_jpeg>) throws(RasterError) {
        guard reader.pointee.is_exhausted != 0 else { return }
        let scans = reader.pointee.info.input_scan_number
        throw .tooMuchWork(detail: "\(scans) scans of \(size.width) × \(size.height) pixels")
    }

    private static func profile(
        of reader: UnsafeMutablePointer<geoatlas_jpeg>, _ layout: PixelLayout
    ) -> ColourProfile? {
        var count: UInt32 = 0
        guard let profile = geoatlas_jpeg_profile(reader, &count) else { return nil }
        defer { free(profile) }
        return ColourProfile(
            icc: UnsafeRawBufferPointer(start: profile, count: Int(count)), layout: layout)
    }
}

extension UnsafeMutablePointer<geoatlas_jpeg> {
    fileprivate var message: String {
        withUnsafeBytes(of: pointee.errors.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Adobe's files store 255 for no ink.
    fileprivate var layout: PixelLayout {
        guard geoatlas_jpeg_is_cmyk(self) != 0 else { return .rgb }
        return pointee.info.saw_Adobe_marker != 0 ? .invertedCMYK : .cmyk
    }
}

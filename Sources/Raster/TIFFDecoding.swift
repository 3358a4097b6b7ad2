internal import CTIFF

extension DecodingJob {
    /// Largest number of bytes that the samples of a picture may have.
    private static let sampleLimit = 4 * Picture.pixelLimit

    private static let prepared: Void = geoatlas_tiff_prepare()

    func decodeTIFF() throws(RasterError) -> Picture {
        _ = Self.prepared
        return try bytes.withUnsafeBufferPointer { bytes throws(RasterError) in
            var source = geoatlas_tiff_source()
            source.bytes = bytes.baseAddress
            source.count = bytes.count
            return try withUnsafeMutablePointer(to: &source) { source throws(RasterError) in
                guard let file = geoatlas_tiff_open(source) else {
                    throw RasterError.damaged(detail: source.message)
                }
                defer { TIFFClose(file) }
                return try decode(file, source)
            }
        }
    }

    private func decode(_ file: OpaquePointer, _ source: UnsafeMutablePointer<geoatlas_tiff_source>)
        throws(RasterError) -> Picture
    {
        selectPage(of: file)
        let tags = geoatlas_tiff_tags(file)
        try begin(width: Int(tags.width), height: Int(tags.height))
        let samples = try TIFFSamples(tags)
        guard TIFFIsCODECConfigured(tags.compression) != 0 else {
            throw .unsupported(
                detail: "a TIFF with compression \(tags.compression)", advice: TIFFSamples.advice)
        }
        source.pointee.message.0 = 0
        guard let samples else { return try decodeAsRGBA(file, source) }
        let bits = Int(tags.bits) * Int(tags.samples)
        guard size.width * size.height <= Self.sampleLimit / max(1, bits / 8) else {
            throw .tooLarge(
                width: size.width, height: size.height, limit: Self.sampleLimit * 8 / bits)
        }
        var rows = try TIFFRows(file, tags)
        try claim(rows.memory)
        rows.allocate()
        var shift = Int(tags.bits) - 8
        if samples.mayHaveFewBits {
            let used = usedBits(&rows)
            if used < Int(tags.bits) {
                add(.fewBits(used))
                shift = used - 8
            }
        }
        let palette = samples.colour == .palette ? Self.palette(file, bits: Int(tags.bits)) : []
        if samples.colour == .palette, palette.isEmpty {
            throw .damaged(detail: "the palette is missing")
        }
        let colours = TIFFColours(samples, width: size.width, shift: shift, palette: palette)
        return try read(&rows, colours, profile(of: file, samples.layout), source)
    }

    private func read(
        _ rows: inout TIFFRows, _ colours: TIFFColours, _ profile: ColourProfile?,
        _ source: UnsafeMutablePointer<geoatlas_tiff_source>
    ) throws(RasterError) -> Picture {
        var colours = colours
        var mixer = PixelRows(colours.samples.layout, width: size.width, profile: profile)
        var canvas = canvas(width: size.width, height: size.height)
        while canvas.rowCount < size.height {
            guard rows.read(canvas.rowCount) else { break }
            colours.withPixels(of: rows.values) { mixer.withRGB($0) { canvas.add($0) } }
        }
        if canvas.rowCount < size.height {
            let message = source.message
            guard canvas.rowCount > 0 else { throw .damaged(detail: message) }
            add(.damaged(detail: message))
        }
        return canvas.picture()
    }

    /// The number of bits that the largest value of a picture of 16 bits needs: 8, or more. Cameras of
    /// microscopes have 10, 12 or 14 bits, and many programs store these as they are.
    private func usedBits(_ rows: inout TIFFRows) -> Int {
        var largest: UInt16 = 0
        for y in 0..<size.height {
            guard rows.read(y) else { break }
            largest = max(largest, rows.values.max() ?? 0)
        }
        return max(8, 16 - largest.leadingZeroBitCount)
    }

    /// Goes to the first page that is no reduced form of another and no mask, and remarks on others.
    private func selectPage(of file: OpaquePointer) {
        let limit = 1_000
        var pages = 0
        var first: UInt32?
        for index in 0..<limit {
            let subfile = geoatlas_tiff_tags(file).subfile
            if subfile & UInt32(FILETYPE_REDUCEDIMAGE | FILETYPE_MASK) == 0 {
                pages += 1
                first = first ?? UInt32(index)
            }
            guard TIFFReadDirectory(file) != 0 else { break }
        }
        if pages > 1 { add(.pages(pages)) }
        TIFFSetDirectory(file, tdir_t(first ?? 0))
    }

    /// Kinds of colours that only libtiff's own conversion knows. It needs the whole picture in memory.
    private func decodeAsRGBA(
        _ file: OpaquePointer, _ source: UnsafeMutablePointer<geoatlas_tiff_source>
    ) throws(RasterError) -> Picture {
        let count = size.width * size.height
        // The whole picture, and a strip or tile of it.
        try claim(count * 8)
        var pixels = [UInt32](repeating: 0, count: count)
        // Asking for the orientation of the file leaves the rows in their order.
        let isDone = TIFFReadRGBAImageOriented(
            file, UInt32(size.width), UInt32(size.height), &pixels, Int32(orientation.value), 1)
        guard isDone != 0 else { throw .damaged(detail: source.message) }
        var canvas = canvas(width: size.width, height: size.height)
        var rows = PixelRows(.multipliedRGBA, width: size.width, profile: nil)
        var row = [UInt8](repeating: 0, count: size.width * 4)
        for y in 0..<size.height {
            for x in 0..<size.width {
                // libtiff packs red into the lowest byte of a number.
                let pixel = pixels[y * size.width + x]
                for channel in 0..<4 {
                    row[x * 4 + channel] = UInt8(truncatingIfNeeded: pixel >> (8 * channel))
                }
            }
            row.withUnsafeBufferPointer { rows.withRGB($0) { canvas.add($0) } }
        }
        return canvas.picture()
    }

    /// `(2^bits, 3)` red, green and blue; empty without a palette.
    private static func palette(_ file: OpaquePointer, bits: Int) -> [UInt8] {
        var red: UnsafeMutablePointer<UInt16>?
        var green: UnsafeMutablePointer<UInt16>?
        var blue: UnsafeMutablePointer<UInt16>?
        guard geoatlas_tiff_palette(file, &red, &green, &blue) != 0, let red, let green, let blue
        else { return [] }
        let colours = (0..<1 << bits).flatMap { [red[$0], green[$0], blue[$0]] }
        // Old programs wrote 8 bits instead of 16.
        let shift: UInt16 = colours.allSatisfy { $0 < 256 } ? 0 : 8
        return colours.map { UInt8($0 >> shift) }
    }

    private func profile(of file: OpaquePointer, _ layout: PixelLayout) -> ColourProfile? {
        var count: UInt32 = 0
        guard let profile = geoatlas_tiff_profile(file, &count) else { return nil }
        return ColourProfile(
            icc: UnsafeRawBufferPointer(start: profile, count: Int(count)), layout: layout)
    }
}

extension UnsafeMutablePointer<geoatlas_tiff_source> {
    fileprivate var message: String {
        let text = withUnsafeBytes(of: pointee.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return text.isEmpty ? "the file ends too early" : text
    }
}

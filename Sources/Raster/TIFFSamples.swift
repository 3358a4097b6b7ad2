internal import CTIFF

/// What the samples of a TIFF mean (TIFF 6.0, sections 3 to 6, 16 and 18).
struct TIFFSamples {
    enum Colour {
        case whiteIsZero, blackIsZero, rgb, palette, cmyk
    }

    let colour: Colour
    let layout: PixelLayout
    /// Samples of a pixel in the file.
    let count: Int
    let bits: Int

    static let advice =
        "Save it with 8 or 16 bits a sample, for example with ImageMagick: "
        + "convert FILE -depth 16 FILE.tif"

    /// - Returns: `nil` for kinds that libtiff converts itself: YCbCr, Lab, LogLuv.
    /// - Throws: `RasterError.unsupported` for floating-point, signed and very long samples.
    init?(_ tags: geoatlas_tiff_header) throws(RasterError) {
        func unsupported(_ what: String) -> RasterError {
            .unsupported(detail: "a TIFF with \(what)", advice: Self.advice)
        }
        let isLog = [PHOTOMETRIC_LOGL, PHOTOMETRIC_LOGLUV].contains(Int32(tags.photometric))
        if isLog { return nil }
        switch Int32(tags.sample_format) {
        case SAMPLEFORMAT_UINT, SAMPLEFORMAT_VOID: break
        case SAMPLEFORMAT_IEEEFP: throw unsupported("floating-point samples of \(tags.bits) bits")
        case SAMPLEFORMAT_INT: throw unsupported("signed samples of \(tags.bits) bits")
        default: throw unsupported("complex samples of \(tags.bits) bits")
        }
        guard (1...16).contains(tags.bits) else {
            throw unsupported("samples of \(tags.bits) bits")
        }
        count = Int(tags.samples)
        bits = Int(tags.bits)
        let extra = Int32(tags.extra)
        let isYCbCr = Int32(tags.photometric) == PHOTOMETRIC_YCBCR
        /// Number of samples that are colours.
        let colours: Int
        switch Int32(tags.photometric) {
        case _ where tags.has_photometric == 0:
            (colour, colours) = count < 3 ? (.blackIsZero, 1) : (.rgb, 3)
        case PHOTOMETRIC_MINISWHITE: (colour, colours) = (.whiteIsZero, 1)
        case PHOTOMETRIC_MINISBLACK: (colour, colours) = (.blackIsZero, 1)
        case PHOTOMETRIC_RGB: (colour, colours) = (.rgb, 3)
        case PHOTOMETRIC_YCBCR
        where Int32(tags.compression) == COMPRESSION_JPEG
            && Int32(tags.planar) == PLANARCONFIG_CONTIG:
            (colour, colours) = (.rgb, 3)
        case PHOTOMETRIC_PALETTE: (colour, colours) = (.palette, 1)
        case PHOTOMETRIC_SEPARATED where Int32(tags.ink_set) == INKSET_CMYK:
            (colour, colours) = (.cmyk, 4)
        case PHOTOMETRIC_SEPARATED: throw unsupported("inks other than CMYK")
        case PHOTOMETRIC_MASK: throw unsupported("a transparency mask instead of a picture")
        default: return nil
        }
        guard count >= colours, count <= 64 else {
            throw .damaged(detail: "\(count) samples a pixel")
        }
        let hasAlpha = count > colours && (colour == .rgb || colour == .blackIsZero) && !isYCbCr
        layout =
            switch (colour, hasAlpha ? extra : 0) {
            case (.cmyk, _): .cmyk
            case (_, EXTRASAMPLE_ASSOCALPHA): .multipliedRGBA
            case (_, EXTRASAMPLE_UNASSALPHA): .rgba
            default: .rgb
            }
    }

    /// Whether its values may need fewer bits than they have.
    var mayHaveFewBits: Bool {
        bits == 16 && (colour == .blackIsZero) && layout == .rgb
    }
}

/// Makes bytes of colours of the samples of a row.
struct TIFFColours {
    let samples: TIFFSamples
    private let shift: Int
    private let palette: [UInt8]
    private var row: [UInt8]

    /// - Parameters:
    ///   - shift: of samples with more than 8 bits.
    ///   - palette: `(2^bits, 3)`; empty for other colours.
    init(_ samples: TIFFSamples, width: Int, shift: Int, palette: [UInt8]) {
        self.samples = samples
        self.shift = shift
        self.palette = palette
        row = [UInt8](repeating: 0, count: width * samples.layout.channels)
    }

    /// Calls `body` with the row in the layout of the samples.
    /// - Parameter values: `(width, count)`.
    mutating func withPixels(of values: [UInt16], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let channels = samples.layout.channels
        let pixels = row.count / channels
        let (count, bits) = (samples.count, samples.bits)
        let largest = bits < 8 ? (1 << bits) - 1 : 255
        row.withUnsafeMutableBufferPointer { row in
            values.withUnsafeBufferPointer { values in
                func byte(_ index: Int) -> UInt8 {
                    let value = Int(values[index])
                    if bits == 8 { return UInt8(value) }
                    return bits > 8 ? UInt8(min(255, value >> shift)) : UInt8(value * 255 / largest)
                }
                for pixel in 0..<pixels {
                    let (from, to) = (pixel * count, pixel * channels)
                    switch samples.colour {
                    case .palette:
                        let entry = Int(values[from]) * 3
                        for channel in 0..<3 { row[to + channel] = palette[entry + channel] }
                    case .whiteIsZero, .blackIsZero:
                        let grey = byte(from)
                        let seen = samples.colour == .blackIsZero ? grey : 255 - grey
                        for channel in 0..<3 { row[to + channel] = seen }
                        if channels == 4 { row[to + 3] = byte(from + 1) }
                    case .rgb, .cmyk:
                        for channel in 0..<channels { row[to + channel] = byte(from + channel) }
                    }
                }
            }
        }
        row.withUnsafeBufferPointer(body)
    }
}

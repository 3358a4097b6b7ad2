import AtlasModel

extension Picture {
    /// The largest number of pixels of a picture, 20,000 × 20,000; a file that claims more is damaged
    /// or malicious.
    package static let pixelLimit = 400_000_000

    /// Decodes a picture file to RGB. The EXIF orientation is applied, transparency is blended with
    /// white, grey and palettes become RGB, colours of an ICC profile become sRGB, CMYK without a
    /// profile is mixed as inks, and of 16 bits the upper 8 are kept.
    ///
    /// A blue pixel with an alpha of 64 becomes (191, 191, 255). JPEGs are decoded with libjpeg's
    /// defaults (accurate integer DCT, smooth chroma), as in Pillow.
    /// - Throws: `RasterError`. A file that ends too early is decoded as far as it goes; without a
    ///   row it is damaged.
    package init(decoding bytes: [UInt8]) throws(RasterError) {
        self = try Self.decode(bytes, .whole()).picture
    }

    /// Decodes a picture file in the size that `request` asks for. Memory is needed for that size and
    /// for what the format makes necessary, not for the whole picture.
    /// - Throws: `RasterError`, as above.
    package static func decode(_ bytes: [UInt8], _ request: PictureRequest) throws(RasterError)
        -> DecodedPicture
    {
        let format = try PictureFormat.required(bytes)
        let job = DecodingJob(bytes, request, Orientation(of: bytes))
        let stored =
            switch format {
            case .jpeg: try job.decodeJPEG()
            case .png: try job.decodePNG()
            case .tiff: try job.decodeTIFF()
            case .webp: try job.decodeWebP()
            case .heif: try job.decodeHEIF()
            }
        return job.finish(stored)
    }

    static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension PictureFormat {
    /// The format of a file.
    /// - Throws: `RasterError.empty`, `.foreign`, `.unknownFormat`.
    fileprivate static func required(_ bytes: [UInt8]) throws(RasterError) -> PictureFormat {
        if bytes.isEmpty { throw .empty }
        guard let format = PictureFormat(of: bytes) else {
            if let foreign = ForeignFormat(of: bytes) { throw .foreign(foreign) }
            throw .unknownFormat
        }
        if format == .tiff, TIFFDirectories(bytes).isRaw { throw .foreign(.raw) }
        return format
    }
}

internal import CPNG

extension DecodingJob {
    func decodePNG() throws(RasterError) -> Picture {
        try bytes.withUnsafeBufferPointer { bytes throws(RasterError) in
            guard let reader = geoatlas_png_open(bytes.baseAddress, bytes.count) else {
                throw RasterError.damaged(detail: "no memory")
            }
            defer { geoatlas_png_close(reader) }
            let message = reader.message
            guard message.isEmpty else { throw RasterError.damaged(detail: message) }
            return try decode(reader)
        }
    }

    private func decode(_ reader: UnsafeMutablePointer<geoatlas_png>) throws(RasterError)
        -> Picture
    {
        let (png, info) = (reader.pointee.png, reader.pointee.info)
        try begin(
            width: Int(png_get_image_width(png, info)),
            height: Int(png_get_image_height(png, info)))
        let isInterlaced = png_get_interlace_type(png, info) == UInt8(PNG_INTERLACE_ADAM7)
        let (newWidth, newHeight) = target
        let isWhole = newWidth == size.width && newHeight == size.height
        try claim(isInterlaced && !isWhole ? newWidth * newHeight * 32 : 0)
        let channels = Int(geoatlas_png_start(reader))
        guard channels > 0 else { throw .damaged(detail: reader.message) }
        let layout: PixelLayout = channels == 4 ? .rgba : .rgb
        let rows = PixelRows(
            layout, width: size.width, profile: Self.profile(of: reader, layout))
        let picture =
            switch (isInterlaced, isWhole) {
            case (false, _): plain(reader, rows, channels)
            case (true, true): interlacedWhole(reader, rows, channels)
            case (true, false): interlacedReduced(reader, rows, channels)
            }
        if reader.message.isEmpty { geoatlas_png_finish(reader) }
        let message = reader.message
        if !message.isEmpty {
            guard let picture else { throw .damaged(detail: message) }
            add(.damaged(detail: message))
            return picture
        }
        guard let picture else { throw .damaged(detail: "it has no pixels") }
        return picture
    }

    /// The picture; `nil` without a row.
    private func plain(
        _ reader: UnsafeMutablePointer<geoatlas_png>, _ rows: PixelRows, _ channels: Int
    ) -> Picture? {
        var rows = rows
        var canvas = canvas(width: size.width, height: size.height)
        var row = [UInt8](repeating: 0, count: size.width * channels)
        while canvas.rowCount < size.height, geoatlas_png_row(reader, &row) == 0 {
            row.withUnsafeBufferPointer { rows.withRGB($0) { canvas.add($0) } }
        }
        return canvas.rowCount > 0 ? canvas.picture() : nil
    }

    /// Reads the seven passes; `nil` without a row. Pixels of passes that are missing have the colour
    /// of the pixel of an earlier pass to their upper left.
    private func interlacedWhole(
        _ reader: UnsafeMutablePointer<geoatlas_png>, _ rows: PixelRows, _ channels: Int
    ) -> Picture? {
        let (width, height) = size
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        let isEmpty = passes(reader, rows, channels) { pass, y, row in
            for index in 0..<row.count / 3 {
                let x = pass.left + index * pass.right
                for down in y..<min(height, y + pass.blockHeight) {
                    for across in x..<min(width, x + pass.blockWidth) {
                        for channel in 0..<3 {
                            pixels[(down * width + across) * 3 + channel] = row[index * 3 + channel]
                        }
                    }
                }
            }
        }
        return isEmpty ? nil : Picture(width: width, height: height, pixels: pixels)
    }

    private func interlacedReduced(
        _ reader: UnsafeMutablePointer<geoatlas_png>, _ rows: PixelRows, _ channels: Int
    ) -> Picture? {
        let (newWidth, newHeight) = target
        var canvas = ScatteredCanvas(
            width: size.width, height: size.height, newWidth: newWidth, newHeight: newHeight)
        let isEmpty = passes(reader, rows, channels) { pass, y, row in
            canvas.add(row, row: y, first: pass.left, step: pass.right)
        }
        return isEmpty ? nil : canvas.picture()
    }

    /// Reads all rows of all passes up to damage.
    /// - Returns: whether there was no row.
    private func passes(
        _ reader: UnsafeMutablePointer<geoatlas_png>, _ rows: PixelRows, _ channels: Int,
        _ add: (InterlacePass, _ row: Int, UnsafeBufferPointer<UInt8>) -> Void
    ) -> Bool {
        var rows = rows
        var stored = [UInt8](repeating: 0, count: size.width * channels)
        var isEmpty = true
        for pass in InterlacePass.all {
            let count = (size.width - pass.left + pass.right - 1) / pass.right
            // A pass without columns has no rows either.
            guard count > 0 else { continue }
            for y in stride(from: pass.top, to: size.height, by: pass.down) {
                guard geoatlas_png_row(reader, &stored) == 0 else { return isEmpty }
                isEmpty = false
                stored.withUnsafeBufferPointer {
                    rows.withRGB(UnsafeBufferPointer(rebasing: $0[..<(count * channels)])) {
                        add(pass, y, $0)
                    }
                }
            }
        }
        return isEmpty
    }

    private static func profile(
        of reader: UnsafeMutablePointer<geoatlas_png>, _ layout: PixelLayout
    ) -> ColourProfile? {
        var count: UInt32 = 0
        guard let profile = geoatlas_png_profile(reader, &count) else { return nil }
        return ColourProfile(
            icc: UnsafeRawBufferPointer(start: profile, count: Int(count)), layout: layout)
    }
}

/// A pass of Adam7 (ISO/IEC 15948, 8.2): its first pixel, the distance of its pixels, and the size of
/// the block that a pixel stands for until later passes come.
private struct InterlacePass {
    let left: Int
    let top: Int
    let right: Int
    let down: Int
    let blockWidth: Int
    let blockHeight: Int

    static let all = [
        InterlacePass(left: 0, top: 0, right: 8, down: 8, blockWidth: 8, blockHeight: 8),
        InterlacePass(left: 4, top: 0, right: 8, down: 8, blockWidth: 4, blockHeight: 8),
        InterlacePass(left: 0, top: 4, right: 4, down: 8, blockWidth: 4, blockHeight: 4),
        InterlacePass(left: 2, top: 0, right: 4, down: 4, blockWidth: 2, blockHeight: 4),
        InterlacePass(left: 0, top: 2, right: 2, down: 4, blockWidth: 2, blockHeight: 2),
        InterlacePass(left: 1, top: 0, right: 2, down: 2, blockWidth: 1, blockHeight: 2),
        InterlacePass(left: 0, top: 1, right: 1, down: 2, blockWidth: 1, blockHeight: 1),
    ]
}

extension UnsafeMutablePointer<geoatlas_png> {
    fileprivate var message: String {
        withUnsafeBytes(of: pointee.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

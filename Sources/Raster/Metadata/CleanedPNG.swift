import AtlasModel

extension CleanedPicture {
    /// Chunks that change how a picture looks (PNG, third edition, clause 11).
    private static let shownChunks: Set<String> = [
        "IHDR", "PLTE", "IDAT", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs",
        "hIST", "cICP", "mDCV", "cLLI",
    ]

    /// A PNG file reduced to the chunks that change how its picture looks.
    static func png(_ file: [UInt8]) -> CleanedPicture {
        var cutting = Cutting(file)
        cutting.keep(0..<8)
        var position = 8
        var exif: [UInt8]? = ExifBlock.pngChunk(Orientation(of: file))
        while position + 12 <= file.count {
            let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
            let end = position + 12 + length
            guard end <= file.count else { break }
            let chunk = position..<end
            let content = file[position + 8..<end - 4]
            position = end
            if type == "IEND" {
                cutting.keep(chunk)
                break
            } else if shownChunks.contains(type) {
                cutting.keep(chunk)
            } else if type == "eXIf" {
                cutting.replace(chunk, with: exif ?? [], ExifBlock.told(by: content))
                exif = []
            } else {
                cutting.drop(chunk, RemovedData(text: content))
            }
        }
        // A picture that was cut short ends within its data.
        let isCut =
            position + 8 <= file.count
            && file[position + 4..<position + 8].elementsEqual("IDAT".utf8)
        if isCut {
            cutting.keep(position..<file.count)
        } else {
            cutting.drop(position..<file.count)
        }
        return cutting.result
    }
}

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
        cutting.keep(0..<PNGChunk.first)
        var position = PNGChunk.first
        var exif: [UInt8]? = ExifBlock.pngChunk(Orientation(of: file))
        while let chunk = PNGChunk(in: file, at: position) {
            position = chunk.whole.upperBound
            if chunk.type == "IEND" {
                cutting.keep(chunk.whole)
                break
            } else if shownChunks.contains(chunk.type) {
                cutting.keep(chunk.whole)
            } else if chunk.type == "eXIf" {
                cutting.replace(
                    chunk.whole, with: exif ?? [], ExifBlock.told(by: file[chunk.content]))
                exif = []
            } else {
                cutting.drop(chunk.whole, RemovedData(text: file[chunk.content]))
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

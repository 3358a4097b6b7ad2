/// A chunk of a PNG file (PNG, third edition, 5.3).
struct PNGChunk {
    /// Four letters.
    let type: String
    /// With length, type and checksum.
    let whole: Range<Int>
    let content: Range<Int>

    /// The place of the first chunk.
    static let first = 8

    /// The chunk at a place; `nil` when the file ends before the chunk does.
    init?(in file: [UInt8], at position: Int) {
        guard position + 12 <= file.count else { return nil }
        let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= file.count - position - 12 else { return nil }
        type = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
        whole = position..<position + 12 + length
        content = position + 8..<position + 8 + length
    }
}

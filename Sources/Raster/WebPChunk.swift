/// A chunk of a WebP file (RFC 9649, 2.3). The last one may be cut short.
struct WebPChunk {
    /// Four letters.
    let type: String
    /// With type, length and padding.
    let whole: Range<Int>
    let content: Range<Int>

    /// The place of the first chunk.
    static let first = 12

    /// The chunk at a place; `nil` at the end of the file.
    init?(in file: [UInt8], at position: Int) {
        guard position + 8 <= file.count else { return nil }
        let length = file[position + 4..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        type = String(decoding: file[position..<position + 4], as: UTF8.self)
        content = position + 8..<min(file.count, position + 8 + length)
        whole = position..<min(file.count, position + 8 + length + length % 2)
    }
}

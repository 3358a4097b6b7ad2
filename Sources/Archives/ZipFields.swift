/// Reads the numbers of a zip archive, which are little-endian, from bytes in memory.
struct ZipFields {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The number of `width` bytes at `offset`; `nil` beyond the end.
    private func number(_ offset: Int, _ width: Int) -> UInt64? {
        let start = bytes.startIndex + offset
        guard offset >= 0, start + width <= bytes.endIndex else { return nil }
        return (0..<width).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }

    func short(_ offset: Int) -> UInt16? { number(offset, 2).map { UInt16($0) } }
    func word(_ offset: Int) -> UInt32? { number(offset, 4).map { UInt32($0) } }
    func long(_ offset: Int) -> UInt64? { number(offset, 8) }

    /// `count` bytes at `offset`; `nil` beyond the end.
    func part(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        let start = bytes.startIndex + offset
        guard offset >= 0, count >= 0, start + count <= bytes.endIndex else { return nil }
        return bytes[start..<start + count]
    }

    /// Position of the next `signature` from `offset` on; `nil` without one.
    func position(of signature: UInt32, from offset: Int) -> Int? {
        let last = bytes.count - 4
        guard offset <= last else { return nil }
        let first = UInt8(truncatingIfNeeded: signature)
        return (max(0, offset)...last).first {
            bytes[bytes.startIndex + $0] == first && word($0) == signature
        }
    }
}

/// What the records of a zip archive begin with (PKWARE, "APPNOTE.TXT", 4.3).
enum ZipSignature {
    static let localHeader: UInt32 = 0x0403_4B50
    static let directoryRecord: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
    static let end64: UInt32 = 0x0606_4B50
    static let end64Locator: UInt32 = 0x0706_4B50
    /// Begins the first part of an archive in several files.
    static let spanned: UInt32 = 0x0807_4B50
}

internal import CXXHash

/// A 128-bit XXH3 digest: tells contents apart, is no protection against somebody who forges them.
///
/// XXH3 is what rsync compares files with; it reads memory at the speed of memory.
/// Written as 32 hexadecimal digits, most significant first, as `xxhsum -H2` prints it.
public struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes(Fingerprint.init(of:))
    }

    public init(of bytes: UnsafeRawBufferPointer) {
        let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
        self.init(high: hash.high64, low: hash.low64)
    }

    public init(of text: String) {
        self.init(of: Array(text.utf8))
    }

    /// The digest of several parts, told apart by their lengths: `["ab", "c"]` and `["a", "bc"]` differ.
    public init(ofParts parts: [String]) {
        self.init(of: parts.map { "\($0.utf8.count):\($0)" }.joined())
    }

    public var description: String { hex }

    /// 32 lower-case hexadecimal digits.
    public var hex: String { Self.hex(high) + Self.hex(low) }

    /// The first 10 digits: enough to tell the editions of one file apart in its name.
    public var short: String { String(hex.prefix(10)) }

    public static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

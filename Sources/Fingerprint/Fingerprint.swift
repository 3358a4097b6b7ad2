internal import CXXHash

/// A 128-bit XXH3 digest (Y. Collet, xxHash): different contents practically always have
/// different digests. It does not protect against forgery.
///
/// rsync uses XXH3 to compare files; it is as fast as memory. Digests are ordered by their value.
package struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The digest of bytes; no bytes have a digest too, `99aa06d3014798d86001c324468d497f`.
    package init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes(Fingerprint.init(of:))
    }

    /// The digest of a block of memory.
    package init(of bytes: UnsafeRawBufferPointer) {
        let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
        self.init(high: hash.high64, low: hash.low64)
    }

    /// The digest of a text in UTF-8.
    package init(of text: String) {
        self.init(of: Array(text.utf8))
    }

    /// The digest of a list of texts, each with its length, so that `["ab", "c"]` and `["a", "bc"]`
    /// differ: that of the text `2:ab1:c` for the first.
    package init(ofParts parts: [String]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count + 4 })
        for part in parts {
            bytes += String(part.utf8.count).utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += part.utf8
        }
        self.init(of: bytes)
    }

    package var description: String { hex }

    /// 32 lower-case hexadecimal digits, most significant first, as `xxhsum -H2` prints them.
    package var hex: String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the digits of `hex`.
    package func append(to text: inout [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        for word in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                text.append(digits.utf8Start[Int(word >> UInt64(shift) & 15)])
            }
        }
    }

    /// - Parameter hex: as `hex` gives it; `nil` for all else.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
        // A sign or a capital letter would be parsed as a number too.
        guard self.hex == hex else { return nil }
    }

    /// The first 10 digits: enough to distinguish the editions of one file by their names.
    package var short: String { String(hex.prefix(10)) }

    package static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

import Fingerprint

/// Reads lines such as `["about.html", 5120, "0c…"],` from the bytes of a list of files.
///
/// A list has tens of thousands of lines, and a general JSON decoder needs longer for them than a
/// listing of the destination takes. So this reads exactly the form that `Manifest.bytes` and
/// `DestinationState.bytes` write.
struct ManifestLines {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// Passes over `text` if it comes next.
    mutating func pass(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[position + offset] != text.utf8Start[offset] {
            return false
        }
        position += length
        return true
    }

    /// The file of `["path", size, "digest"`, which is passed over; `nil`, and nothing is passed
    /// over, when something else comes next.
    mutating func file() -> Manifest.File? {
        let start = position
        guard pass("[\""), let path = path(), pass("\", "), let size = number(), pass(", \""),
            let digest = digest(), pass("\"")
        else {
            position = start
            return nil
        }
        return Manifest.File(path: path, size: size, digest: digest)
    }

    /// A number of at most 18 decimal digits.
    mutating func number() -> Int? {
        let start = position
        var value = 0
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"),
            digit <= 9, position - start < 18
        {
            value = 10 * value + Int(digit)
            position += 1
        }
        return position > start ? value : nil
    }

    /// 32 lower-case hexadecimal digits.
    mutating func digest() -> Fingerprint? {
        guard let high = word(), let low = word() else { return nil }
        return Fingerprint(high: high, low: low)
    }

    private mutating func word() -> UInt64? {
        guard position + 16 <= bytes.count else { return nil }
        var value: UInt64 = 0
        for byte in bytes[position..<position + 16] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        position += 16
        return value
    }

    /// A text up to the quotation mark that ends it. `\"` is the only escape that is written.
    private mutating func path() -> String? {
        let start = position
        var escaped = false
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") else {
                    return nil
                }
                escaped = true
                position += 1
            }
            position += 1
        }
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            return nil
        }
        return escaped ? text.replacing("\\\"", with: "\"") : text
    }
}

extension Manifest.File {
    /// Appends `["path", size, "digest"`. Control characters and backslashes are refused in paths,
    /// so only quotation marks need escaping.
    func append(to text: inout [UInt8]) {
        text.append(contentsOf: "[\"".utf8)
        for byte in path.utf8 {
            if byte == UInt8(ascii: "\"") { text.append(UInt8(ascii: "\\")) }
            text.append(byte)
        }
        text.append(contentsOf: "\", ".utf8)
        text.append(contentsOf: String(size).utf8)
        text.append(contentsOf: ", \"".utf8)
        digest.append(to: &text)
        text.append(UInt8(ascii: "\""))
    }
}

/// The part of a file that a request asks for (RFC 9110, 14).
enum ByteRange: Equatable {
    /// The whole file: there is no such field, its unit or form is unknown, or it names several
    /// parts. A server may ignore it in all these cases.
    case whole
    case part(Range<Int>)
    /// The part begins after the end of the file.
    case outside

    /// - Parameters:
    ///   - field: the field `Range` of the request.
    ///   - size: of the file in bytes.
    ///
    ///     ByteRange("bytes=0-9", size: 100)   // .part(0..<10)
    ///     ByteRange("bytes=95-", size: 100)   // .part(95..<100)
    ///     ByteRange("bytes=-3", size: 100)    // .part(97..<100): the last three
    ///     ByteRange("bytes=100-", size: 100)  // .outside
    ///     ByteRange("bytes=5-2", size: 100)   // .whole
    init(_ field: String?, size: Int) {
        self = .whole
        guard let field, let equals = field.firstIndex(of: "="),
            field[..<equals].lowercased() == "bytes"
        else { return }
        let ends = field[field.index(after: equals)...].split(
            separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return }
        let first = Self.number(ends[0])
        let last = Self.number(ends[1])
        switch (first, last) {
        case (.some(let first), .some(let last)) where first > last: return
        case (.some(let first), _) where last != nil || ends[1].isEmpty:
            self = first < size ? .part(first..<min(last ?? size, size - 1) + 1) : .outside
        case (nil, .some(let count)) where ends[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .outside
        default: return
        }
    }

    /// `nil` for anything but digits. A number that is too large for `Int` is as good as the largest
    /// one, because no file is that long.
    private static func number(_ text: Substring) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard !text.isEmpty, text.utf8.allSatisfy(digits.contains) else { return nil }
        return Int(text) ?? .max
    }
}

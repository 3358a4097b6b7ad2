/// Names for parts of a YAML document (`&name`), which other parts repeat (`*name`).
///
/// A few lines with them can stand for more values than memory can hold. Settings and front matter do
/// not need them, so they are refused before the document is read.
package enum YAMLAnchors {
    /// What to say of them, without a full stop.
    package static let reason =
        "names for values, such as &a and *a, are not supported. Write the values out"

    /// The first line with `&name` whose name is repeated by `*name`; `nil` without one.
    ///
    ///     YAMLAnchors.firstLine(in: "a: &x 1\nb: *x")  // 1
    ///     YAMLAnchors.firstLine(in: "title: A & B")    // nil
    package static func firstLine(in text: String) -> Int? {
        let bytes = Array(text.utf8)
        var named: [[UInt8]: Int] = [:]
        var repeated: Set<[UInt8]> = []
        var line = 1
        /// The last byte that is not blank in this line.
        var previous: UInt8?
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\n"): (line, previous) = (line + 1, nil)
            case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "&"), UInt8(ascii: "*"):
                let name = Array(bytes[position...].prefix { !Self.endsName($0) })
                // A node may begin at the beginning of a line, or after one of these signs.
                let begins = previous.map { Self.beforeNodes.contains($0) } ?? true
                if begins, !name.isEmpty {
                    if byte == UInt8(ascii: "&") {
                        named[name] = named[name] ?? line
                    } else {
                        repeated.insert(name)
                    }
                    position += name.count
                }
                previous = byte
            default: previous = byte
            }
        }
        return named.filter { repeated.contains($0.key) }.values.min()
    }

    private static let beforeNodes = Set("-:?,[{".utf8)

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: " ") || ",[]{}".utf8.contains(byte)
    }
}

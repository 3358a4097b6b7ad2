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
        let scalars = Array(text.unicodeScalars)
        var named: [[Unicode.Scalar]: Int] = [:]
        var repeated: Set<[Unicode.Scalar]> = []
        var line = 1
        /// Whether a node may begin: at the beginning of a line, and after some signs.
        var begins = true
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "\r" where position < scalars.count && scalars[position] == "\n": continue
            case _ where lineEnds.contains(scalar): (line, begins) = (line + 1, true)
            case " ", "\t", "\u{FEFF}": continue
            case "!" where begins:
                // A tag. The node follows it.
                position += scalars[position...].prefix { !endsTag($0) }.count
            case "&", "*":
                let name = Array(scalars[position...].prefix(while: isOfName))
                if begins, !name.isEmpty {
                    if scalar == "&" {
                        named[name] = named[name] ?? line
                    } else {
                        repeated.insert(name)
                    }
                    position += name.count
                }
                begins = false
            default: begins = beforeNodes.contains(scalar)
            }
        }
        return named.filter { repeated.contains($0.key) }.values.min()
    }

    private static let beforeNodes: Set<Unicode.Scalar> = ["-", ":", "?", ",", "[", "{"]
    /// Line breaks of YAML 1.1, section 5.4.
    private static let lineEnds: Set<Unicode.Scalar> = [
        "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}",
    ]

    private static func endsTag(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || lineEnds.contains(scalar)
    }

    /// Whether libyaml takes a sign as part of a name.
    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }
}

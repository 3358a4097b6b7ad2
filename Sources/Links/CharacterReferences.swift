/// Character references of HTML (`&amp;`, `&#47;`, `&#x2F;`) in attribute values.
enum CharacterReferences {
    /// `bytes` as text, with references resolved.
    ///
    /// Only the named references for ASCII characters are supported. The about two thousand other
    /// names of the standard stay unchanged; no address of an atlas needs one.
    static func resolved(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text: [UInt8] = []
        var rest = bytes
        while let first = rest.first {
            if first == UInt8(ascii: "&"), let (scalar, length) = reference(rest) {
                text += Array(String(scalar).utf8)
                rest = rest.dropFirst(length)
            } else {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The reference at the beginning of `bytes`, and its length in bytes.
    private static func reference(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        let body = bytes.dropFirst()
        if body.first == UInt8(ascii: "#") { return number(body.dropFirst()) }
        let name = body.prefix(while: \.isAlphanumeric)
        guard let scalar = names[String(decoding: name, as: UTF8.self)] else { return nil }
        let next = body.dropFirst(name.count).first
        if next == UInt8(ascii: ";") { return (scalar, name.count + 2) }
        // Old names may be used without the semicolon, except before characters that could continue
        // a query.
        let isOld = ["amp", "lt", "gt", "quot"].contains { name.elementsEqual($0.utf8) }
        return isOld && next != UInt8(ascii: "=") ? (scalar, name.count + 1) : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        let isHex = bytes.first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let digits = bytes.dropFirst(isHex ? 1 : 0).prefix(while: \.isAlphanumeric)
        guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHex ? 16 : 10)
        else { return nil }
        let closes = bytes.dropFirst((isHex ? 1 : 0) + digits.count).first == UInt8(ascii: ";")
        // A number that is not a valid character becomes the replacement character.
        let scalar = Unicode.Scalar(value).flatMap { $0.value == 0 ? nil : $0 } ?? "\u{FFFD}"
        return (scalar, 2 + (isHex ? 1 : 0) + digits.count + (closes ? 1 : 0))
    }

    private static let names: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "sol": "/", "period": ".", "colon": ":", "semi": ";", "comma": ",", "num": "#",
        "quest": "?", "percnt": "%", "lowbar": "_", "equals": "=", "plus": "+", "commat": "@",
        "excl": "!", "dollar": "$", "ast": "*", "lpar": "(", "rpar": ")", "Tab": "\t",
        "NewLine": "\n",
    ]
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased)
    }
}

/// The letters of a file name in a zip archive that does not say how they are written.
///
/// Old programs write names in the code page of their system. The code page that turns the bytes into
/// words is taken: Latin or Cyrillic letters, no capital within a word, and no row of accents.
/// Source of the tables: the Unicode Consortium's mappings of the code pages.
struct CodePage: Sendable {
    /// `code page 1252 (Windows, Western Europe)`.
    let name: String
    /// The characters of the bytes 128 to 255.
    private let upper: [Character]

    private init(_ name: String, _ upper: String) {
        self.name = name
        self.upper = Array(upper)
    }

    /// In the order in which equally good ones are taken. The first is that of the zip format.
    private static let known = [
        CodePage("code page 437 (DOS)", dos),
        CodePage("code page 1252 (Windows, Western Europe)", western),
        CodePage("code page 850 (DOS, Western Europe)", dosWestern),
        CodePage("code page 866 (DOS, Cyrillic)", dosCyrillic),
        CodePage("code page 1251 (Windows, Cyrillic)", cyrillic),
    ]

    /// The code page that fits names best.
    /// - Parameter names: bytes of names that are not UTF-8.
    /// - Returns: the code page, and whether it turns most of the bytes above 127 into letters of
    ///   words. Without names, the first code page.
    static func best(for names: [[UInt8]]) -> (page: CodePage, isSensible: Bool) {
        let count = names.reduce(0) { $0 + $1.count { $0 >= 128 } }
        let scores = known.map { page in names.reduce(0) { $0 + page.score($1) } }
        guard let top = scores.max(), let index = scores.firstIndex(of: top) else {
            return (known[0], false)
        }
        return (known[index], 2 * top > count)
    }

    /// The text of a name. Bytes without a character become U+FFFD.
    func text(of bytes: [UInt8]) -> String {
        String(
            bytes.map { byte in
                byte < 128 ? Character(Unicode.Scalar(byte)) : upper[Int(byte) - 128]
            })
    }

    /// Bytes above 127 that become letters of a word, less those that do not.
    private func score(_ bytes: [UInt8]) -> Int {
        let letters = bytes.map { byte in
            byte < 128 ? Character(Unicode.Scalar(byte)) : upper[Int(byte) - 128]
        }
        return bytes.indices.reduce(0) { sum, index in
            bytes[index] < 128 ? sum : sum + (Self.fits(letters, at: index) ? 1 : -1)
        }
    }

    private static func fits(_ text: [Character], at index: Int) -> Bool {
        let letter = text[index]
        let before = index > 0 ? text[index - 1] : " "
        let after = index + 1 < text.count ? text[index + 1] : " "
        guard let script = Script(letter) else { return false }
        if letter.isUppercase, before.isLowercase { return false }
        for neighbour in [before, after] where neighbour.isLetter {
            if Script(neighbour) != script { return false }
        }
        guard script == .latin else { return true }
        // No Latin word has three letters with accents in a row, and ß follows a vowel.
        if letter == "ß" { return "aeiouäöü".contains(before) }
        return !(isAccented(before) && isAccented(after))
    }

    private static func isAccented(_ letter: Character) -> Bool {
        !letter.isASCII && letter.isLetter
    }

    private enum Script {
        case latin, cyrillic

        /// `nil` for signs, and for letters of other alphabets.
        init?(_ letter: Character) {
            guard letter.isLetter, let scalar = letter.unicodeScalars.first else { return nil }
            switch scalar.value {
            case 0x41...0x7A, 0xC0...0x17F: self = .latin
            case 0x400...0x4FF: self = .cyrillic
            default: return nil
            }
        }
    }

    private static let dos = [
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ",
        "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
        "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
        "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}",
    ].joined()
    private static let western = [
        "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ",
        "\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿",
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß",
        "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
    ].joined()
    private static let dosWestern = [
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ",
        "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
        "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀",
        "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}",
    ].joined()
    private static let dosCyrillic = [
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
        "абвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
        "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
        "рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{A0}",
    ].joined()
    private static let cyrillic = [
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{FFFD}™љ›њќћџ",
        "\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї",
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    ].joined()
}

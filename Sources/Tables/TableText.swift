/// The text of a table's file, from whatever encoding a spreadsheet wrote it in.
package struct TableText: Sendable, Equatable {
    /// How the bytes were read.
    package enum Encoding: Sendable, Equatable {
        case utf8, utf16
        /// Assumed, because the bytes are no UTF-8. It is what Excel writes as "CSV" in Western
        /// Europe and America.
        case windows1252
    }

    package let text: String
    package let encoding: Encoding

    /// Decodes UTF-8 with or without a byte order mark, UTF-16 in both byte orders with or without
    /// one, and otherwise Windows-1252.
    ///
    ///     try TableText(Array("key,label".utf8)).text       // "key,label"
    ///     try TableText([0xFF, 0xFE, 0x6B, 0x00]).text      // "k", UTF-16
    ///     try TableText([0x67, 0xE4]).text                  // "gä", Windows-1252
    ///
    /// The byte order mark is not part of the text. Empty bytes are an empty text.
    /// - Throws: `TableTextError` for a workbook, and for bytes that are none of these encodings.
    package init(_ bytes: [UInt8]) throws(TableTextError) {
        for beginning in [[0x50, 0x4B, 0x03, 0x04], [0xD0, 0xCF, 0x11, 0xE0]] as [[UInt8]]
        where bytes.starts(with: beginning) {
            throw .workbook
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]),
            let text = String(validating: bytes.dropFirst(3), as: UTF8.self)
        {
            self.init(text: text, encoding: .utf8)
        } else if let isLittle = Self.isLittleEndian(bytes) {
            self.init(text: try Self.utf16(bytes, isLittle: isLittle), encoding: .utf16)
        } else if let zero = bytes.firstIndex(of: 0) {
            throw .notText(line: Self.line(of: zero, in: bytes))
        } else if let text = String(validating: bytes, as: UTF8.self) {
            self.init(text: text, encoding: .utf8)
        } else {
            self.init(text: try Self.windows1252(bytes), encoding: .windows1252)
        }
    }

    private init(text: String, encoding: Encoding) {
        self.text = text
        self.encoding = encoding
    }

    /// The byte order of UTF-16; `nil` for other encodings. Without a byte order mark, every second
    /// byte of a text in a Latin alphabet is zero.
    private static func isLittleEndian(_ bytes: [UInt8]) -> Bool? {
        if bytes.starts(with: [0xFF, 0xFE]) { return true }
        if bytes.starts(with: [0xFE, 0xFF]) { return false }
        let beginning = bytes.prefix(1_024)
        let zeros = [0, 1].map { parity in
            beginning.indices.count { $0 % 2 == parity && beginning[$0] == 0 }
        }
        guard zeros.max() ?? 0 > beginning.count / 4 else { return nil }
        if zeros[0] == 0 { return true }
        return zeros[1] == 0 ? false : nil
    }

    private static func utf16(_ bytes: [UInt8], isLittle: Bool) throws(TableTextError) -> String {
        guard bytes.count % 2 == 0 else { throw .notText(line: nil) }
        let units = stride(from: 0, to: bytes.count, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isLittle ? first | second << 8 : first << 8 | second
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw .notText(line: nil)
        }
        guard text.unicodeScalars.first == "\u{FEFF}" else { return text }
        return String(text.unicodeScalars.dropFirst())
    }

    /// - Throws: `.mixed` if a part of the text is UTF-8, because the letters of that part would be
    ///   replaced by two others; `.notText` for bytes that the encoding does not have.
    private static func windows1252(_ bytes: [UInt8]) throws(TableTextError) -> String {
        // Only a valid sequence of two or more bytes gives a letter above U+007F here.
        let lenient = String(decoding: bytes, as: UTF8.self).unicodeScalars
        if lenient.contains(where: { $0.value > 0x7F && $0 != "\u{FFFD}" }) {
            var line = 1
            for scalar in lenient {
                if scalar == "\n" { line += 1 }
                if scalar == "\u{FFFD}" { break }
            }
            throw .mixed(line: line)
        }
        var text = String.UnicodeScalarView()
        for (place, byte) in bytes.enumerated() {
            let scalar = (0x80..<0xA0).contains(byte) ? upper[Int(byte) - 0x80] : UInt32(byte)
            guard let scalar, let character = Unicode.Scalar(scalar) else {
                throw .notText(line: line(of: place, in: bytes))
            }
            text.append(character)
        }
        return String(text)
    }

    /// The line of a byte, from 1.
    private static func line(of place: Int, in bytes: [UInt8]) -> Int {
        bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
    }

    /// Characters of the bytes 80 to 9F (Unicode Consortium, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252);
    /// five bytes are not defined.
    private static let upper: [UInt32?] = [
        0x20AC, nil, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, nil, 0x017D, nil,
        nil, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, nil, 0x017E, 0x0178,
    ]
}

/// Why the bytes of a table are not read as text.
package enum TableTextError: Error, Equatable, CustomStringConvertible {
    /// A file of Excel or LibreOffice under the name of a table.
    case workbook
    /// A part is UTF-8 and a part is not; `line` is the first that is not.
    case mixed(line: Int)
    /// `line` is `nil` when it is not known.
    case notText(line: Int?)

    package var description: String {
        switch self {
        case .workbook:
            "it is a workbook of a spreadsheet program. Save it as \"CSV UTF-8\" there"
        case .mixed(let line):
            "line \(line) is not in UTF-8, although other lines are. Save it as \"CSV UTF-8\""
        case .notText(let line):
            (line.map { "line \($0)" } ?? "it")
                + " is not text in UTF-8, UTF-16 or Windows-1252. Save it as \"CSV UTF-8\""
        }
    }
}

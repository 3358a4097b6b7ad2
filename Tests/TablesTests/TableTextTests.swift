import Tables
import Testing

@Suite struct TableTextTests {
    private static let text = "key,gebändert\n"

    private static func utf16(_ text: String, little: Bool) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return little ? [low, high] : [high, low]
        }
    }

    @Test(
        "A text is the same in every encoding that spreadsheets write",
        arguments: [
            (Array(text.utf8), .utf8),
            ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .utf8),
            ([0xFF, 0xFE] + utf16(text, little: true), .utf16),
            ([0xFE, 0xFF] + utf16(text, little: false), .utf16),
            (utf16(text, little: true), .utf16),
            (utf16(text, little: false), .utf16),
            // E4 is ä in Windows-1252.
            (Array("key,geb".utf8) + [0xE4] + Array("ndert\n".utf8), .windows1252),
        ] as [([UInt8], TableText.Encoding)])
    func encodings(bytes: [UInt8], encoding: TableText.Encoding) throws {
        let read = try TableText(bytes)
        #expect(read.text == Self.text)
        #expect(read.encoding == encoding)
    }

    @Test("Punctuation of Windows-1252 is read by its table")
    func punctuation() throws {
        #expect(try TableText([0x93, 0x61, 0x94, 0x80]).text == "“a”€")
    }

    @Test("No bytes are an empty text")
    func empty() throws {
        #expect(try TableText([]).text == "")
    }

    @Test(
        "Bytes that are no text are refused with the reason",
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04, 0x14], .workbook),
            ([0xD0, 0xCF, 0x11, 0xE0], .workbook),
            (Array("a,b\nc".utf8) + [0] + Array(",d and so on\n".utf8), .notText(line: 2)),
            ([0x61, 0x0A, 0x81], .notText(line: 2)),
            ([0xFF, 0xFE, 0x61], .notText(line: nil)),
            ([0xFF, 0xFE, 0x00, 0xDC], .notText(line: nil)),
            (Array("ä\n".utf8) + [0xE4, 0x0A], .mixed(line: 2)),
        ] as [([UInt8], TableTextError)])
    func refused(bytes: [UInt8], error: TableTextError) {
        #expect(throws: error) { try TableText(bytes) }
    }

    @Test("The sentences say how to save the file")
    func sentences() {
        #expect(
            TableTextError.notText(line: 3).description
                == "line 3 is not text in UTF-8, UTF-16 or Windows-1252. Save it as \"CSV UTF-8\"")
        #expect(TableTextError.workbook.description.hasSuffix("Save it as \"CSV UTF-8\" there"))
    }
}

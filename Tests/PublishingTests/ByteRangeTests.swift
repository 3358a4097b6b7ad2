import Testing

@testable import Publishing

@Suite("Ranges of bytes") struct ByteRangeTests {
    /// The examples of RFC 9110, 14.1.2, for a file of 10,000 bytes, and its rules about others.
    @Test(
        "A range is read as RFC 9110 says",
        arguments: [
            ("bytes=0-499", .part(0..<500)), ("bytes=500-999", .part(500..<1000)),
            ("bytes=-500", .part(9500..<10_000)), ("bytes=9500-", .part(9500..<10_000)),
            ("bytes=0-", .part(0..<10_000)), ("bytes=9999-9999", .part(9999..<10_000)),
            ("BYTES=0-0", .part(0..<1)),
            // Ends after the file are cut.
            ("bytes=9000-20000", .part(9000..<10_000)), ("bytes=-20000", .part(0..<10_000)),
            ("bytes=0-99999999999999999999999", .part(0..<10_000)),
            ("bytes=10000-", .outside), ("bytes=10000-10001", .outside), ("bytes=-0", .outside),
            ("bytes=99999999999999999999999-", .outside),
            // Several ranges, other units and forms that are not valid may be ignored.
            ("bytes=0-0,-1", .whole), ("lines=0-1", .whole), ("bytes=5-2", .whole),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=a-b", .whole), ("bytes=1-b", .whole),
            ("bytes=+1-2", .whole), ("bytes=1--2", .whole), ("0-1", .whole), ("", .whole),
            ("bytes=٣-٤", .whole),
        ] as [(String, ByteRange)])
    func forms(field: String, expected: ByteRange) {
        #expect(ByteRange(field, size: 10_000) == expected)
    }

    @Test("Without the field the file is sent whole")
    func absent() { #expect(ByteRange(nil, size: 3) == .whole) }

    @Test("An empty file has no parts")
    func empty() {
        #expect(ByteRange("bytes=0-", size: 0) == .outside)
        #expect(ByteRange("bytes=-1", size: 0) == .outside)
    }
}

import Messages
import Testing

@Suite struct HarmlessTests {
    @Test(
        "Characters that steer a terminal are written out, others stay",
        arguments: [
            ("red \u{1B}[31m", "red \\u{1B}[31m"), ("\u{7}", "\\u{7}"), ("a\u{9B}2J", "a\\u{9B}2J"),
            ("a\rb", "a\\u{D}b"), ("\u{202E}gpj.a", "\\u{202E}gpj.a"), ("\u{7F}", "\\u{7F}"),
            ("two\nlines\tä 石 🪨", "two\nlines\tä 石 🪨"), ("", ""),
        ])
    func written(text: String, expected: String) {
        #expect(harmless(text) == expected)
    }
}

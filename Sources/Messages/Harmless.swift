/// `text` for a terminal: characters that would steer it, or change the order of letters, are written
/// as escapes. Line breaks and tabs stay.
///
///     harmless("red \u{1B}[31m")  // "red \u{1B}[31m", with a backslash
///
/// A file name may contain any character, so a name in a message could clear the screen or set the
/// title of the window.
package func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isSteering) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        if isSteering(scalar) {
            shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
            shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// C0 and C1 controls, and the characters that override the direction of text (Unicode Standard Annex
/// 9).
private func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

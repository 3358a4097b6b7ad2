/// A word for a POSIX shell that is exactly `text`.
///
///     shellWord("it's")  // 'it'\''s'
package func shellWord(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
}

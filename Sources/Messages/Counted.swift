/// A number with its noun.
///
///     counted(1, "picture")            // "1 picture"
///     counted(0, "erratum", "errata")  // "0 errata"
///
/// - Parameter many: the plural of the noun; if `nil`, `one` with an `s`.
package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
}

/// A number with its noun, as sentences have it: `1 picture`, `2 pictures`, `0 errata`.
/// - Parameter many: the noun of several; `one` with an `s` when `nil`.
public func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
}

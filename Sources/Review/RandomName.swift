/// Random names: 64 random bits as 16 lower-case hexadecimal digits, e.g. `0f3a5c7e9b1d2468`.
/// Trials, comparisons, reviewers and votes have such names.
package enum RandomName {
    static let length = 16

    /// A new name.
    package static func drawn(using generator: inout some RandomNumberGenerator) -> String {
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: length - digits.count) + digits
    }

    /// Whether `text` has the form of such a name.
    package static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == length
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

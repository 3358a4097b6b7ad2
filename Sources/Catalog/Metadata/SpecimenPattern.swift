import Foundation

/// A pattern that finds the name of a specimen in the name of a file.
///
///     let pattern = SpecimenPattern("^(.*)_[0-9]+$")
///     pattern?.specimen(inName: "MU-17_02")  // "MU-17"
///     pattern?.specimen(inName: "outcrop")   // nil
package struct SpecimenPattern: Sendable, Equatable {
    private let expression: NSRegularExpression

    /// - Parameter text: a regular expression of ICU with one group in parentheses, which is the name.
    ///   `nil` for a text that is none.
    package init?(_ text: String) {
        guard let expression = try? NSRegularExpression(pattern: text),
            expression.numberOfCaptureGroups == 1
        else { return nil }
        self.expression = expression
    }

    /// The name of the specimen; `nil` when the pattern does not fit, or the name is empty.
    /// - Parameter name: of a file, without its extension.
    package func specimen(inName name: some StringProtocol) -> String? {
        let name = String(name)
        let whole = NSRange(name.startIndex..., in: name)
        guard let match = expression.firstMatch(in: name, range: whole),
            let group = Range(match.range(at: 1), in: name), !group.isEmpty
        else { return nil }
        return String(name[group])
    }
}

package import Yams

/// Reads YAML of settings and front matter.
package enum YAMLDocument {
    /// Why a text is not read.
    package struct Fault: Error, Equatable {
        /// From 1; `nil` when no line is to blame.
        package let line: Int?
        /// Without a full stop: `"title" is given again below`.
        package let reason: String
    }

    /// The root of a document; `nil` for an empty one.
    ///
    ///     try YAMLDocument.root(of: "a: 1\na: 2")  // Fault: line 1, "a" is given again below …
    ///
    /// - Throws: `Fault` for text that is no YAML, for a key that is given twice, and for names for
    ///   values (`YAMLAnchors`).
    package static func root(of text: String) throws(Fault) -> Node? {
        if let line = YAMLAnchors.firstLine(in: text) {
            throw Fault(line: line, reason: YAMLAnchors.reason)
        }
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw fault(error)
        } catch {
            throw Fault(line: nil, reason: "\(error)")
        }
    }

    /// Yams's own descriptions show parts of the text, up to all of it, in several lines.
    private static func fault(_ error: YamlError) -> Fault {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            Fault(
                line: mark.line,
                reason: problem + (context.map { " (\($0.text), from line \($0.mark.line))" } ?? "")
                    + ". Check the colons, quotes and indentation there")
        case .duplicatedKeysInMapping(let keys, let context):
            Fault(
                line: context.mark.line,
                reason: "\"\(keys.first ?? "")\" is given again below. Keep one of the two")
        case .reader(let problem, _, _, _): Fault(line: nil, reason: problem)
        default: Fault(line: nil, reason: "\(error)")
        }
    }
}

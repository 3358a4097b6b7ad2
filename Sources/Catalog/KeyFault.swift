import AtlasModel
import Messages

/// A problem with a key: two pictures have the same key, or a correction names a picture that does
/// not exist.
enum KeyFault: Sendable, Hashable {
    /// `other` is the path of the file that has the key already.
    case twoWithOneKey(String, other: String, usedAs: String)
    /// A line (number from 1) that is not a correction.
    case unreadableLine(Int, separator: Unicode.Scalar)
    /// A line with a quotation mark that is never closed.
    case openQuote(Int)
    /// Two lines (numbers from 1) that correct the same picture.
    case twice(key: String, Int, Int)
    /// `nearest` is a key of the collection that looks like `key`.
    case noPicture(key: String, line: Int, nearest: String?)
    /// `keys` are those of the first pictures that `key` may mean.
    case severalPictures(key: String, line: Int, keys: [String])
    /// `nearest` is a rock type of the atlas.
    case noType(label: String, key: String, line: Int, nearest: String?)

    /// The line of the table; 0 for a fault of a picture.
    var line: Int {
        switch self {
        case .twoWithOneKey: 0
        case .unreadableLine(let line, _), .openQuote(let line), .twice(_, _, let line),
            .noPicture(_, let line, _), .severalPictures(_, let line, _),
            .noType(_, _, let line, _):
            line
        }
    }

    /// The content of the erratum, which belongs to the later picture or to the table of
    /// corrections.
    var finding: Erratum.Finding {
        switch self {
        case .twoWithOneKey(let key, let other, let usedAs):
            .init(
                .twoWithOneKey, "Another picture has the same key",
                detail: "\(other) has the key \(key); this one is used as \(usedAs)",
                sentence: "Another picture is called \(key) already. This one is used as \(usedAs)",
                advice: "Rename one of the two files if you want another key.")
        case .unreadableLine(let line, let separator):
            .init(
                .correctionLine, "A correction is not \"key,label,reason\"", detail: "Line \(line)",
                sentence: "Line \(line) is not \"key,label,reason\"",
                advice: "Write key, label and reason with \(Self.words(separator)) between them.")
        case .openQuote(let line):
            .init(
                .correctionQuote, "A quotation mark is not closed", detail: "Line \(line)",
                sentence: "Line \(line) has a quotation mark that is not closed, so it was ignored",
                advice: "Remove the mark, or close it.")
        case .twice(let key, let first, let second):
            .init(
                .correctionTwice, "Two corrections name the same picture",
                detail: "\(key), lines \(first) and \(second)",
                sentence: "Lines \(first) and \(second) both correct \(key)",
                advice: "The later one counts; remove the other.")
        case .noPicture(let key, let line, let nearest):
            .init(
                .correctionWithoutPicture,
                "A correction names a picture that the collection does not have",
                detail: "Line \(line): \(key)" + Self.question(nearest),
                sentence: "Line \(line): the collection has no picture \(key)"
                    + Self.question(nearest),
                advice: "Check the key, or remove the line.")
        case .severalPictures(let key, let line, let keys):
            .init(
                .correctionOfSeveral, "A correction does not name one picture",
                detail: "Line \(line): \(key) may be \(keys.joined(separator: " or "))",
                sentence: "Line \(line): \(key) may be \(keys.joined(separator: " or "))",
                advice: "Write the whole key of the picture.")
        case .noType(let label, let key, let line, let nearest):
            .init(
                .correctionWithoutType, "A correction names a label that is no rock type",
                detail: "Line \(line): \"\(label)\", for \(key)" + Self.question(nearest),
                sentence: "Line \(line): \"\(label)\", for \(key), is no rock type of this atlas"
                    + Self.question(nearest),
                advice: "Check the label, or add the type to content/atlas.yml.")
        }
    }

    private static func words(_ separator: Unicode.Scalar) -> String {
        switch separator {
        case ";": "semicolons"
        case "\t": "tabs"
        case "|": "vertical bars"
        default: "commas"
        }
    }

    private static func question(_ nearest: String?) -> String {
        nearest.map { " (did you mean \($0)?)" } ?? ""
    }
}

extension Erratum.Finding {
    /// Stands for `count` more faults of this kind.
    func repeated(_ count: Int) -> Self {
        let lines = counted(count, "more line") + " of this kind"
        return .init(
            kind, heading, detail: lines,
            sentence: lines + " \(count == 1 ? "is" : "are") not listed",
            advice: advice)
    }
}

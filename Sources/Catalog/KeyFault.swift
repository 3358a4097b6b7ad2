import AtlasModel
import Messages

/// A problem with a key: two pictures have the same key, or a correction names a picture that does
/// not exist.
enum KeyFault: Sendable, Hashable {
    /// `other` is the path of the file that has the key already.
    case twoWithOneKey(String, other: String, usedAs: String)
    /// A line (number from 1) that is not a correction.
    case unreadableLine(Int, separator: Unicode.Scalar)
    /// Two lines (numbers from 1) that correct the same picture.
    case twice(key: String, Int, Int)
    case line(LineFault)
    /// `nearest` is a rock type of the atlas.
    case noType(label: String, key: String, line: Int, nearest: String?)

    /// The line of the table; 0 for a fault of a picture.
    var line: Int {
        switch self {
        case .twoWithOneKey: 0
        case .unreadableLine(let line, _), .twice(_, _, let line), .noType(_, _, let line, _): line
        case .line(let fault): fault.line
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
        case .twice(let key, let first, let second):
            .init(
                .correctionTwice, "Two corrections name the same picture",
                detail: "\(key), lines \(first) and \(second)",
                sentence: "Lines \(first) and \(second) both correct \(key)",
                advice: "The later one counts; remove the other.")
        case .line(let fault): fault.finding(in: .corrections)
        case .noType(let label, let key, let line, let nearest):
            .init(
                .correctionWithoutType, "A correction names a label that is no rock type",
                detail: "Line \(line): \"\(label)\", for \(key)" + LineFault.question(nearest),
                sentence: "Line \(line): \"\(label)\", for \(key), is no rock type of this atlas"
                    + LineFault.question(nearest),
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

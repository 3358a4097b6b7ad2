import AtlasModel

/// A problem with a key: two pictures have the same key, or a correction names a picture that does
/// not exist.
enum KeyFault: Sendable, Hashable {
    /// `other` is the path of the file that has the key already.
    case twoWithOneKey(String, other: String, usedAs: String)
    /// A line (number from 1) that is not a correction.
    case unreadableLine(Int)
    /// Two lines (numbers from 1) that correct the same picture.
    case twice(key: String, Int, Int)
    case noPicture(key: String)
    case noType(label: String, key: String)

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
        case .unreadableLine(let line):
            .init(
                .correctionLine, "A correction is not \"key,label,reason\"", detail: "Line \(line)",
                sentence: "Line \(line) is not \"key,label,reason\"",
                advice: "Write key, label and reason with commas between them.")
        case .twice(let key, let first, let second):
            .init(
                .correctionTwice, "Two corrections name the same picture",
                detail: "\(key), lines \(first) and \(second)",
                sentence: "Lines \(first) and \(second) both correct \(key)",
                advice: "The later one counts; remove the other.")
        case .noPicture(let key):
            .init(
                .correctionWithoutPicture,
                "A correction names a picture that the collection does not have", detail: key,
                sentence: "The collection has no picture \(key)",
                advice: "Check the key, or remove the line.")
        case .noType(let label, let key):
            .init(
                .correctionWithoutType, "A correction names a label that is no rock type",
                detail: "\"\(label)\", for \(key)",
                sentence: "\"\(label)\", for \(key), is no rock type of this atlas",
                advice: "Check the label, or add the type to content/atlas.yml.")
        }
    }
}

import AtlasModel

/// A table whose lines name pictures.
enum PictureTable: Sendable {
    case corrections, metadata, verdicts
}

/// A problem that a line of any table of pictures can have. Lines are numbered from 1.
enum LineFault: Sendable, Hashable {
    /// A quotation mark that is never closed.
    case openQuote(Int)
    /// `nearest` is a key of the collection that looks like `name`.
    case noPicture(String, line: Int, nearest: String?)
    /// `keys` are those of the first pictures that `name` may mean.
    case severalPictures(String, line: Int, keys: [String])

    var line: Int {
        switch self {
        case .openQuote(let line), .noPicture(_, let line, _), .severalPictures(_, let line, _):
            line
        }
    }

    func kind(in table: PictureTable) -> Erratum.Kind {
        switch (self, table) {
        case (.openQuote, .corrections): .correctionQuote
        case (.openQuote, .metadata): .metadataQuote
        case (.openQuote, .verdicts): .verdictQuote
        case (.noPicture, .corrections): .correctionWithoutPicture
        case (.noPicture, .metadata): .metadataWithoutPicture
        case (.noPicture, .verdicts): .verdictWithoutPicture
        case (.severalPictures, .corrections): .correctionOfSeveral
        case (.severalPictures, .metadata): .metadataOfSeveral
        case (.severalPictures, .verdicts): .verdictOfSeveral
        }
    }

    /// The content of the erratum, which belongs to the table.
    func finding(in table: PictureTable) -> Erratum.Finding {
        switch self {
        case .openQuote(let line):
            .init(
                kind(in: table), "\(table.line) has a quotation mark that is not closed",
                detail: "Line \(line)",
                sentence: "Line \(line) has a quotation mark that is not closed, so it was ignored",
                advice: "Remove the mark, or close it.")
        case .noPicture(let name, let line, let nearest):
            .init(
                kind(in: table),
                "\(table.line) names a picture that the collection does not have",
                detail: "Line \(line): \(name)" + Self.question(nearest),
                sentence: "Line \(line): the collection has no picture \(name)"
                    + Self.question(nearest),
                advice: table == .metadata
                    ? "Check the key or the file name, or remove the line."
                    : "Check the key, or remove the line.")
        case .severalPictures(let name, let line, let keys):
            .init(
                kind(in: table),
                "\(table.line) names a picture that may be one of several",
                detail: "Line \(line): \(name) may be \(keys.joined(separator: " or "))",
                sentence: "Line \(line): \(name) may be \(keys.joined(separator: " or "))",
                advice: "Write the whole key of the picture.")
        }
    }

    /// ` (did you mean gneiss/a?)`; empty without a nearest word.
    static func question(_ nearest: String?) -> String {
        nearest.map { " (did you mean \($0)?)" } ?? ""
    }
}

extension PictureTable {
    /// What one of its lines is.
    fileprivate var line: String {
        switch self {
        case .corrections: "A correction"
        case .metadata: "A line of metadata"
        case .verdicts: "A verdict"
        }
    }
}

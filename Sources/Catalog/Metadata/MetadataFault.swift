import AtlasModel
import Messages

/// A problem with a line of a table with metadata.
enum MetadataFault: Sendable {
    /// `reason` without a full stop.
    case unreadable(reason: String)
    /// No column is known to name the pictures.
    case noKey(names: [String])
    /// More cells than the header has.
    case tooManyCells(line: Int, count: Int, header: Int)
    /// A line without key.
    case withoutKey(line: Int)
    case line(LineFault)
    /// Two lines about one picture.
    case twice(key: String, first: Int, line: Int)
    case value(column: String, cell: String, line: Int, expected: String)
    /// A depth that ends above its beginning.
    case depths(from: String, to: String, line: Int)

    var line: Int {
        switch self {
        case .unreadable, .noKey: 0
        case .tooManyCells(let line, _, _), .withoutKey(let line), .twice(_, _, let line),
            .value(_, _, let line, _), .depths(_, _, let line):
            line
        case .line(let fault): fault.line
        }
    }

    var kind: Erratum.Kind {
        switch self {
        case .unreadable, .noKey: .metadataTable
        case .tooManyCells, .withoutKey: .metadataLine
        case .line(let fault): fault.kind(in: .metadata)
        case .twice: .metadataTwice
        case .value, .depths: .metadataValue
        }
    }

    var finding: Erratum.Finding {
        switch self {
        case .unreadable(let reason): Self.table(reason)
        case .noKey(let names):
            Self.table(
                "no column is called \"key\" or \"file name\", only "
                    + names.map { "\"\($0)\"" }.joined(separator: ", "))
        case .tooManyCells(let line, let count, let header):
            .init(
                .metadataLine, "A line of metadata cannot be read",
                detail: "Line \(line): \(count) cells, \(header) in the header",
                sentence:
                    "Line \(line) has \(counted(count, "cell")), but the header has \(header)",
                advice: Self.lineAdvice)
        case .withoutKey(let line):
            .init(
                .metadataLine, "A line of metadata cannot be read",
                detail: "Line \(line): no key",
                sentence: "Line \(line) has no key, so it belongs to no picture",
                advice: Self.lineAdvice)
        case .line(let fault): fault.finding(in: .metadata)
        case .twice(let key, let first, let line):
            .init(
                .metadataTwice, "Two lines of metadata name the same picture",
                detail: "\(key), lines \(first) and \(line)",
                sentence: "Lines \(first) and \(line) are both about \(key)",
                advice: "The cells of the later one count; remove the other.")
        case .value(let column, let cell, let line, let expected):
            .init(
                .metadataValue, "A value of metadata is not used",
                detail: "Line \(line): \(column) is \"\(cell)\"",
                sentence: "Line \(line): \(column) is \"\(cell)\", but has to be \(expected)",
                advice: Self.cellAdvice)
        case .depths(let from, let to, let line):
            .init(
                .metadataValue, "A value of metadata is not used",
                detail: "Line \(line): depth from \(from) to \(to) m",
                sentence:
                    "Line \(line): the depth from \(from) m is greater than the depth to \(to) m",
                advice: Self.cellAdvice)
        }
    }

    private static let lineAdvice =
        "Check its key, and put cells that contain the separator into quotation marks."
    private static let cellAdvice = "Correct the cell. The other cells of the line are used."

    private static func table(_ reason: String) -> Erratum.Finding {
        .init(
            .metadataTable, "A table of metadata cannot be read", detail: reason,
            advice: "Save it as \"CSV UTF-8\", with a column \"key\" or \"file name\".")
    }
}

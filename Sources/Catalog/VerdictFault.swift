import AtlasModel

/// A problem with a line of a table of verdicts. Lines are numbered from 1.
enum VerdictFault: Sendable, Hashable {
    /// A line without two keys.
    case unreadableLine(Int)
    /// A word that is no verdict.
    case noVerdict(String, line: Int)
    /// A line that names one picture twice.
    case onePicture(key: String, line: Int)
    /// Two lines about the same two pictures.
    case twice(keys: [String], Int, Int)
    case line(LineFault)

    var line: Int {
        switch self {
        case .unreadableLine(let line), .noVerdict(_, let line), .onePicture(_, let line),
            .twice(_, _, let line):
            line
        case .line(let fault): fault.line
        }
    }

    /// The content of the erratum, which belongs to the table.
    var finding: Erratum.Finding {
        switch self {
        case .unreadableLine(let line):
            .init(
                .verdictLine, "A line is no verdict on two pictures", detail: "Line \(line)",
                sentence: "Line \(line) does not name two pictures",
                advice: "Write a line as \"a,b,verdict,reason\", with the keys of two pictures.")
        case .noVerdict(let word, let line):
            .init(
                .verdictLine, "A line is no verdict on two pictures",
                detail: "Line \(line): \"\(word)\"",
                sentence: "Line \(line): \"\(word)\" is no verdict",
                advice: "Write \"duplicate\" or \"not a duplicate\", or leave it empty.")
        case .onePicture(let key, let line):
            .init(
                .verdictLine, "A line is no verdict on two pictures",
                detail: "Line \(line): \(key)",
                sentence: "Line \(line) names \(key) twice",
                advice: "Write the keys of two pictures.")
        case .twice(let keys, let first, let second):
            .init(
                .verdictTwice, "Two verdicts are about the same pictures",
                detail: "\(keys.joined(separator: " and ")), lines \(first) and \(second)",
                sentence: "Lines \(first) and \(second) are both about "
                    + keys.joined(separator: " and "),
                advice: "The later one counts; remove the other.")
        case .line(let fault): fault.finding(in: .verdicts)
        }
    }
}

/// Reads a line of a vote file as the review page and `votes merge` write it, without the JSON decoder,
/// which is much slower.
///
/// It knows no escapes, no numbers but whole ones, no unknown and no repeated keys. For a line with
/// something else, and for one that is no vote, it gives `nil`: the decoder reads such a line, and says
/// what is wrong.
struct VoteScanner {
    private let bytes: [UInt8]
    private var place = 0

    fileprivate enum Value {
        case text(String)
        case number(Int)
        case truth(Bool)
        case texts([String])
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func vote(_ line: some Collection<UInt8>) -> Vote? {
        var scanner = VoteScanner(Array(line))
        guard let values = scanner.object(), values["version"]?.number == Vote.version,
            let id = values["vote"]?.randomName, let trial = values["trial"]?.randomName,
            let comparison = values["comparison"]?.randomName,
            let reviewer = values["reviewer"]?.randomName,
            let answer = values["answer"]?.text.flatMap(Vote.Answer.init),
            let revision = values["revision"]?.number, Vote.revisions.contains(revision),
            values["name"].map({ $0.text != nil }) ?? true,
            values["remark"].map({ $0.text != nil }) ?? true,
            values["given"].map({ $0.text != nil }) ?? true,
            values["tags"].map({ $0.texts != nil }) ?? true,
            values["swapped"].map({ $0.truth != nil }) ?? true
        else { return nil }
        let vote = Vote(
            id: id, trial: trial, comparison: comparison, reviewer: reviewer,
            name: values["name"]?.text, revision: revision, answer: answer,
            tags: values["tags"]?.texts ?? [], remark: values["remark"]?.text,
            isSwapped: values["swapped"]?.truth ?? false, given: values["given"]?.text)
        return vote.isWithinLimits ? vote : nil
    }

    private static let keys: Set<String> = [
        "answer", "comparison", "given", "name", "remark", "reviewer", "revision", "swapped",
        "tags",
        "trial", "version", "vote",
    ]

    private mutating func object() -> [String: Value]? {
        guard take("{") else { return nil }
        var values: [String: Value] = [:]
        repeat {
            guard let key = string(), Self.keys.contains(key), values[key] == nil, take(":"),
                let value = value()
            else { return nil }
            values[key] = value
        } while take(",")
        return take("}") && place == bytes.count ? values : nil
    }

    private mutating func value() -> Value? {
        skipBlanks()
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "["): return list().map { .texts($0) }
        case UInt8(ascii: "1")...UInt8(ascii: "9"): return number().map { .number($0) }
        default:
            for (word, truth) in [("true", true), ("false", false)]
            where bytes[place...].starts(with: word.utf8) {
                place += word.utf8.count
                return .truth(truth)
            }
            return nil
        }
    }

    private mutating func list() -> [String]? {
        guard take("[") else { return nil }
        if take("]") { return [] }
        var texts: [String] = []
        repeat {
            guard let text = string() else { return nil }
            texts.append(text)
        } while take(",")
        return take("]") ? texts : nil
    }

    /// A string without escapes.
    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            guard bytes[place] >= 0x20, bytes[place] != UInt8(ascii: "\\") else { return nil }
            place += 1
        }
        guard place < bytes.count else { return nil }
        place += 1
        return String(validating: bytes[start..<place - 1], as: UTF8.self)
    }

    /// At most nine digits, none of them a leading zero.
    private mutating func number() -> Int? {
        var (number, digits) = (0, 0)
        while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
            number = 10 * number + Int(bytes[place] - UInt8(ascii: "0"))
            digits += 1
            place += 1
            guard digits <= 9 else { return nil }
        }
        return number
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard place < bytes.count, bytes[place] == UInt8(ascii: sign) else { return false }
        place += 1
        return true
    }

    /// Inside a string no blank is skipped, because `take` has read its quotation mark.
    private mutating func skipBlanks() {
        while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
    }
}

extension VoteScanner.Value {
    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
    fileprivate var number: Int? { if case .number(let number) = self { number } else { nil } }
    fileprivate var truth: Bool? { if case .truth(let truth) = self { truth } else { nil } }
    fileprivate var texts: [String]? { if case .texts(let texts) = self { texts } else { nil } }

    fileprivate var randomName: String? {
        text.flatMap { RandomName.isWellFormed($0) ? $0 : nil }
    }
}

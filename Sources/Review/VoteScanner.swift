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
        guard let vote = scanner.object()?.vote, vote.isWithinLimits else { return nil }
        return vote
    }

    /// The values of a line that were read so far.
    private struct Fields {
        var version, revision: Int?
        var id, trial, comparison, reviewer, name, remark, given: String?
        var answer: Vote.Answer?
        var tags: [String]?
        var isSwapped: Bool?

        /// - Returns: whether the key is known and new, and the value of its kind.
        mutating func take(_ value: Value, for key: String) -> Bool {
            switch key {
            case "answer": Self.fill(&answer, value.text.flatMap(Vote.Answer.init))
            case "comparison": Self.fill(&comparison, value.randomName)
            case "given": Self.fill(&given, value.text)
            case "name": Self.fill(&name, value.text)
            case "remark": Self.fill(&remark, value.text)
            case "reviewer": Self.fill(&reviewer, value.randomName)
            case "revision": Self.fill(&revision, value.number)
            case "swapped": Self.fill(&isSwapped, value.truth)
            case "tags": Self.fill(&tags, value.texts)
            case "trial": Self.fill(&trial, value.randomName)
            case "version": Self.fill(&version, value.number)
            case "vote": Self.fill(&id, value.randomName)
            default: false
            }
        }

        private static func fill<Content>(_ field: inout Content?, _ value: Content?) -> Bool {
            guard field == nil, let value else { return false }
            field = value
            return true
        }

        /// `nil` if something is missing that every vote has.
        var vote: Vote? {
            guard version == Vote.version, let id, let trial, let comparison, let reviewer,
                let answer,
                let revision, Vote.revisions.contains(revision)
            else { return nil }
            return Vote(
                id: id, trial: trial, comparison: comparison, reviewer: reviewer, name: name,
                revision: revision, answer: answer, tags: tags ?? [], remark: remark,
                isSwapped: isSwapped ?? false, given: given)
        }
    }

    private mutating func object() -> Fields? {
        guard take("{") else { return nil }
        var fields = Fields()
        repeat {
            guard let key = string(), take(":"), let value = value(), fields.take(value, for: key)
            else { return nil }
        } while take(",")
        return take("}") && place == bytes.count ? fields : nil
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

import AtlasModel
import Foundation

/// One answer of one reviewer: a line of a vote file.
package struct Vote: Sendable, Hashable {
    /// Random id of this vote. A reviewer who changes an answer casts a new vote.
    package let id: String
    package let trial: String
    package let comparison: String
    /// Random id of the browser.
    package let reviewer: String
    /// What the reviewer typed as a name.
    package let name: String?
    /// From 1. Of the votes of one reviewer on one comparison, the highest revision counts.
    package let revision: Int
    package let answer: Answer
    /// The criteria that the reviewer named, e.g. `grain size`.
    package let tags: [String]
    /// What the reviewer wrote about the comparison.
    package let remark: String?
    /// Whether the reviewer saw panel B of the plan at the place of panel A. `answer` is in the terms
    /// of the plan.
    package let isSwapped: Bool
    /// When it was given by the clock of the reviewer, which may be wrong: `2026-05-14T09:30:00Z`.
    package let given: String?

    package init(
        id: String, trial: String, comparison: String, reviewer: String, name: String? = nil,
        revision: Int = 1, answer: Answer, tags: [String] = [], remark: String? = nil,
        isSwapped: Bool = false, given: String? = nil
    ) {
        self.id = id
        self.trial = trial
        self.comparison = comparison
        self.reviewer = reviewer
        self.name = name
        self.revision = revision
        self.answer = answer
        self.tags = tags
        self.remark = remark
        self.isSwapped = isSwapped
        self.given = given
    }

    package enum Answer: String, Sendable, CaseIterable {
        case a = "A"
        case b = "B"
        case equal, neither
        /// The reviewer withdrew the answer.
        case withdrawn
    }

    static let version = 1

    // Limits of a line. They are far above what the review page writes, and low enough to reject
    // files of other kinds.
    static let longestLine = 4096
    static let longestName = 200
    static let longestTag = 40
    static let mostTags = 16
    static let longestRemark = 500

    /// Whether the texts are as the limits say.
    var isWithinLimits: Bool {
        (name?.count ?? 0) <= Self.longestName && (remark?.count ?? 0) <= Self.longestRemark
            && tags.count <= Self.mostTags
            && tags.allSatisfy { (1...Self.longestTag).contains($0.count) }
            && given.map(Self.isTime) != false
    }
    static let revisions = 1...1_000_000
}

/// Why a line is not a vote.
enum VoteFault: Error, Equatable, CustomStringConvertible {
    case tooLong(bytes: Int)
    case notUTF8
    /// The last line of a file, which ends within it.
    case cutShort
    case json(JSONFault)
    case version
    case notAName(key: String, value: String)
    case answer(String)
    case revision
    case name
    case tags
    case remark
    case given(String)
    case otherContent(id: String)

    var description: String {
        switch self {
        case .tooLong(let bytes):
            "The line has \(bytes) bytes, more than the \(Vote.longestLine) a vote may have."
        case .notUTF8: "The line is not UTF-8 text. Save the file as UTF-8."
        case .cutShort:
            "The file ends within this line. The votes before it were read. "
                + "If the file is still being copied, merge again later. "
                + "Ask the reviewer to save the votes again otherwise."
        case .json(let fault): "The line is no vote: \(fault)."
        case .version:
            "The vote is not of version \(Vote.version), the one this program knows. Update GeoAtlas."
        case .notAName(let key, let value):
            "\"\(key)\" is \"\(value.prefix(40))\", but has to be 16 hexadecimal digits (0-9, a-f)."
        case .answer(let answer):
            "\"answer\" is \"\(answer.prefix(40))\", but has to be one of "
                + Vote.Answer.allCases.map(\.rawValue).joined(separator: ", ") + "."
        case .revision:
            "\"revision\" has to be a whole number from \(Vote.revisions.lowerBound) to "
                + "\(Vote.revisions.upperBound)."
        case .name: "\"name\" is longer than \(Vote.longestName) characters."
        case .tags:
            "\"tags\" has to be at most \(Vote.mostTags) words of 1 to \(Vote.longestTag) characters."
        case .remark: "\"remark\" is longer than \(Vote.longestRemark) characters."
        case .given(let time):
            "\"given\" is \"\(time.prefix(40))\", but has to be a time like 2026-05-14T09:30:00Z."
        case .otherContent(let id):
            "The vote \(id) is known with another content; the one known first is kept."
        }
    }
}

extension Vote {
    /// Parses a line without its line end.
    init(line: some Collection<UInt8>) throws(VoteFault) {
        guard line.count <= Self.longestLine else { throw .tooLong(bytes: line.count) }
        if let vote = VoteScanner.vote(line) {
            self = vote
            return
        }
        guard String(validating: line, as: UTF8.self) != nil else { throw .notUTF8 }
        do {
            self = try JSONDecoder().decode(Vote.self, from: Data(line))
        } catch let fault as VoteFault {
            throw fault
        } catch let error as DecodingError {
            throw .json(JSONFault(error))
        } catch {
            throw .json(.notJSON)
        }
    }

    /// The vote as a line with its line end. Equal votes have equal lines.
    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("Text and whole numbers can always be written as JSON: \(error)")
        }
    }
}

extension Vote: Codable {
    private enum CodingKeys: String, CodingKey {
        case id = "vote"
        case trial, comparison, reviewer, name, revision, answer, tags, remark, given, version
        case isSwapped = "swapped"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        /// Decoded as Double, because for a number that is not an Int the decoder reports invalid
        /// JSON.
        func wholeNumber(_ key: CodingKeys) throws -> Int? {
            Int(exactly: try values.decode(Double.self, forKey: key))
        }
        // Checked first, because a later version may differ in everything else.
        guard try wholeNumber(.version) == Self.version else { throw VoteFault.version }
        func randomName(_ key: CodingKeys) throws -> String {
            let text = try values.decode(String.self, forKey: key)
            guard RandomName.isWellFormed(text) else {
                throw VoteFault.notAName(key: key.rawValue, value: text)
            }
            return text
        }
        id = try randomName(.id)
        trial = try randomName(.trial)
        comparison = try randomName(.comparison)
        reviewer = try randomName(.reviewer)
        let answer = try values.decode(String.self, forKey: .answer)
        guard let known = Answer(rawValue: answer) else { throw VoteFault.answer(answer) }
        self.answer = known
        guard let revision = try wholeNumber(.revision), Self.revisions.contains(revision) else {
            throw VoteFault.revision
        }
        self.revision = revision
        let name = try values.decodeIfPresent(String.self, forKey: .name)
        guard name.map({ $0.count <= Self.longestName }) != false else { throw VoteFault.name }
        self.name = name
        tags = try values.decodeIfPresent([String].self, forKey: .tags) ?? []
        guard tags.count <= Self.mostTags,
            tags.allSatisfy({ (1...Self.longestTag).contains($0.count) })
        else { throw VoteFault.tags }
        let remark = try values.decodeIfPresent(String.self, forKey: .remark)
        guard remark.map({ $0.count <= Self.longestRemark }) != false else {
            throw VoteFault.remark
        }
        self.remark = remark
        isSwapped = try values.decodeIfPresent(Bool.self, forKey: .isSwapped) ?? false
        let given = try values.decodeIfPresent(String.self, forKey: .given)
        if let given, !Self.isTime(given) { throw VoteFault.given(given) }
        self.given = given
    }

    /// Whether `text` is a time in UTC with whole seconds, e.g. `2026-05-14T09:30:00Z`. Whether the day
    /// exists is not checked.
    static func isTime(_ text: String) -> Bool {
        let pattern = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
        return text.utf8.count == pattern.count
            && zip(text.utf8, pattern).allSatisfy { byte, expected in
                expected == UInt8(ascii: "d")
                    ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == expected
            }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Self.version, forKey: .version)
        try values.encode(id, forKey: .id)
        try values.encode(trial, forKey: .trial)
        try values.encode(comparison, forKey: .comparison)
        try values.encode(reviewer, forKey: .reviewer)
        try values.encodeIfPresent(name, forKey: .name)
        try values.encode(revision, forKey: .revision)
        try values.encode(answer.rawValue, forKey: .answer)
        try values.encode(tags, forKey: .tags)
        try values.encodeIfPresent(remark, forKey: .remark)
        if isSwapped { try values.encode(true, forKey: .isSwapped) }
        try values.encodeIfPresent(given, forKey: .given)
    }
}

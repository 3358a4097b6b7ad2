import Tables

/// A line of a vote file: the vote, or why it is not a vote.
struct VoteLine {
    /// Counted from 1.
    let number: Int
    let vote: Result<Vote, VoteFault>
}

/// The text of a vote file, as it arrives after mail programs, editors and interrupted copies.
struct VoteText {
    /// The lines that are not empty.
    ///
    /// The text may be UTF-8 or UTF-16, with a byte order mark, with line ends of any system, and
    /// without an end of the last line.
    let lines: [VoteLine]
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let text = Self.utf8(bytes)
        let isWhole = text.last.map(Self.endsLine) ?? true
        var lines: [VoteLine] = []
        var number = 0
        var start = text.startIndex
        while start < text.endIndex {
            let end = text[start...].firstIndex(where: Self.endsLine) ?? text.endIndex
            number += 1
            let content = text[start..<end]
            if !content.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
                let isCut = end == text.endIndex && !isWhole
                lines.append(
                    VoteLine(number: number, vote: Self.parsed(content, mayBeCut: isCut)))
            }
            // A line end of Windows is one line end.
            let isPair = text[end...].starts(with: "\r\n".utf8)
            start = min(end + (isPair ? 2 : 1), text.endIndex)
        }
        self.lines = lines
    }

    /// - Parameter path: its ending tells whether the file claims to hold votes. Damaged lines of
    ///   such a file are named one by one.
    /// - Throws: `VoteFileFault` if the whole file is of no use.
    func check(path: String) throws(VoteFileFault) {
        guard !bytes.isEmpty else { throw .empty }
        let holdsVotes = lines.contains { if case .success = $0.vote { true } else { false } }
        guard !holdsVotes, !path.lowercased().hasSuffix(".jsonl") else { return }
        throw bytes.starts(with: [0x1F, 0x8B]) ? .gzip : .noVotes
    }

    private static func endsLine(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// The bytes in UTF-8 without a byte order mark. What is neither UTF-8 nor UTF-16 stays as it is,
    /// and its lines are named.
    private static func utf8(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if bytes.starts(with: mark) { return bytes.dropFirst(mark.count) }
        guard bytes.contains(0), let text = try? TableText(bytes), text.encoding == .utf16 else {
            return bytes[...]
        }
        return Array(text.text.utf8)[...]
    }

    private static func parsed(
        _ line: some Collection<UInt8>, mayBeCut: Bool
    ) -> Result<Vote, VoteFault> {
        do {
            return .success(try Vote(line: line))
        } catch {
            let isCut = mayBeCut && (error == .json(.notJSON) || error == .notUTF8)
            return .failure(isCut ? .cutShort : error)
        }
    }
}

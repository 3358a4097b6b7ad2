import AtlasModel
import Files
import Foundation

/// A line of a vote file: the vote, or why it is not a vote.
struct VoteLine {
    let path: String
    /// Counted from 1.
    let number: Int
    let vote: Result<Vote, VoteFault>
}

/// Finds and reads vote files.
enum VoteFiles {
    /// The vote files at `path`: the file itself, or every file in the folder and its subfolders,
    /// sorted by path. Mail programs and browsers change names, so the ending does not matter.
    /// Hidden files are left out, and so is what file servers and desktops leave behind.
    static func listed(_ path: String) throws(ReviewError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .unreadable(path: path, reason: systemReason(ENOENT))
        }
        guard isFolder.boolValue else { return [path] }
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: path)
                .filter { name in
                    let parts = name.split(separator: "/")
                    return !parts.contains { $0.hasPrefix(".") || LeftBehind.isLeft(folder: $0) }
                        && LeftBehind.verdict(file: parts.last ?? "") != .certain
                }
                .map { path + "/" + $0 }
                .filter { !Folders.contain($0) }
                .sorted()
        } catch {
            throw .unreadable(path: path, reason: systemReason(of: error))
        }
    }

    /// The lines of a file that are not empty. A byte order mark, Windows line ends, and a missing
    /// line end at the end are allowed.
    static func lines(of path: String) throws(ReviewError) -> [VoteLine] {
        let bytes = try bytes(of: path)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard !content.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
            else { return nil }
            return VoteLine(path: path, number: index + 1, vote: parsed(content))
        }
    }

    /// Why a file of another name holds no votes; `nil` for a vote file, which may be empty or have
    /// damaged lines.
    static func objection(to path: String) throws(ReviewError) -> String? {
        guard !path.lowercased().hasSuffix(".jsonl") else { return nil }
        let bytes = try bytes(of: path)
        let lines = try lines(of: path)
        let holdsVotes = lines.contains { if case .success = $0.vote { true } else { false } }
        guard !holdsVotes else { return nil }
        if bytes.starts(with: "PK".utf8) { return "it is a zip archive. Unpack it" }
        return "it has no line that is a vote. Ask the reviewer to save the votes again"
    }

    static func bytes(of path: String) throws(ReviewError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .unreadable(path: path, reason: systemReason(of: error))
        }
    }

    private static func parsed(_ line: some Collection<UInt8>) -> Result<Vote, VoteFault> {
        do {
            return .success(try Vote(line: line))
        } catch {
            return .failure(error)
        }
    }
}

/// A union of votes by their ids.
struct VoteUnion {
    private(set) var votes: [String: Vote] = [:]
    private var rejections: [Place: Rejection] = [:]

    /// A line of a file. Different paths of the same file give the same value.
    private struct Place: Hashable {
        let file: String
        let line: Int
    }

    /// How many votes of a file are new, and how many were known already.
    struct Reading {
        var added: [Vote] = []
        var duplicates = 0
    }

    var rejected: [Rejection] { rejections.values.sorted() }

    /// Adds the votes of a file. Each unusable line is recorded once, even if it is read several
    /// times.
    mutating func read(_ path: String) -> Reading {
        var reading = Reading()
        do {
            if let objection = try VoteFiles.objection(to: path) {
                reject(path, line: 0, objection)
                return reading
            }
            for line in try VoteFiles.lines(of: path) {
                do {
                    let vote = try line.vote.get()
                    switch votes[vote.id] {
                    case nil:
                        votes[vote.id] = vote
                        reading.added.append(vote)
                    case vote: reading.duplicates += 1
                    default: throw VoteFault.otherContent(id: vote.id)
                    }
                } catch {
                    reject(path, line: line.number, "\(error)")
                }
            }
        } catch {
            reject(path, line: 0, "\(error)")
        }
        return reading
    }

    /// Records a line that cannot be used. Line 0 means the whole file.
    mutating func reject(_ path: String, line: Int, _ reason: String) {
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        let place = Place(file: file, line: line)
        if rejections[place] == nil {
            rejections[place] = Rejection(path: path, line: line, reason: reason)
        }
    }
}

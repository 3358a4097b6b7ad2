import Files
import Foundation

/// Receives files of votes from a browser without interpreting them. Another command merges them.
struct VoteInbox {
    /// Largest size of a file in bytes. The votes of one reviewer on 10,000 comparisons fit.
    static let limit = 1 << 20

    /// Folder of the atlas.
    let folder: String

    /// Why `body` is not a file of votes; `nil` when it may be one.
    ///
    /// The merge checks the votes themselves. Here each line must be a JSON object, so that no
    /// other data is stored in the folder.
    static func objection(to body: [UInt8]) -> String? {
        let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var votes = 0
        for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == 0x0D || $0 == 0x20 })
        {
            guard String(validating: line, as: UTF8.self) != nil else {
                return "Line \(index + 1) is not UTF-8. Save the votes again."
            }
            do {
                let value = try JSONSerialization.jsonObject(with: Data(line))
                guard value is [String: Any] else { return notAVote(index) }
            } catch {
                return notAVote(index)
            }
            votes += 1
        }
        return votes == 0 ? "There is no vote in it. Vote first, then save." : nil
    }

    private static func notAVote(_ index: Int) -> String {
        "Line \(index + 1) is not a vote: each line has to be one JSON object."
    }

    /// What `keep` found.
    enum Outcome: Equatable {
        case kept
        /// A file of this name and content was there.
        case known
        /// A file of this name has another content. It stays.
        case otherContent
    }

    /// The name of a file of votes in the path of a request, such as `/votes/vote-0f3a.jsonl`; `nil`
    /// for another path.
    static func name(in path: String) -> String? {
        let prefix = "/\(Leftover.votes)/"
        guard path.hasPrefix(prefix) else { return nil }
        let name = path.dropFirst(prefix.count)
        let stem = name.dropLast(suffix.count)
        guard name.hasSuffix(suffix), (1...longestStem).contains(stem.utf8.count),
            stem.utf8.allSatisfy({ byte in
                let letter = Unicode.Scalar(byte)
                return letter.properties.isASCIIHexDigit || letter == "-" || letter == "_"
                    || ("g"..."z").contains(letter) || ("G"..."Z").contains(letter)
            })
        else { return nil }
        return String(name)
    }

    private static let suffix = ".jsonl"
    private static let longestStem = 100

    /// Stores `body` as `votes/NAME`. On return it is on the disk.
    ///
    /// A browser that got no answer sends a file again, so the file may be there already.
    /// - Throws: `PublishingError.notWritable`.
    func keep(_ body: [UInt8], as name: String) throws -> Outcome {
        let votes = folder + "/" + Leftover.votes
        if mkdir(votes, 0o755) != 0, errno != EEXIST { throw failure(votes) }
        // Opens the folder itself and refuses a link with its name.
        let directory = open(votes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { throw failure(votes) }
        defer { close(directory) }

        let path = votes + "/" + name
        if let known = try? Data(contentsOf: URL(filePath: path)) {
            return known.elementsEqual(body) ? .known : .otherContent
        }
        let unfinished = ".\(name).\(UInt64.random(in: .min ... .max))"
        let file = openat(directory, unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure(votes) }
        defer { unlinkat(directory, unfinished, 0) }
        do {
            defer { close(file) }
            try Self.write(body, to: file, votes)
            guard fsync(file) == 0 else { throw failure(votes) }
        }
        // A hard link, because renaming would replace a file of the same name.
        if linkat(directory, unfinished, directory, name, 0) != 0 {
            if errno == EEXIST { return .otherContent }
            // Many shares have no hard links. There was no file of this name a moment ago.
            guard renameat(directory, unfinished, directory, name) == 0 else {
                throw failure(votes)
            }
        }
        Folders.synchronize(votes)
        return .kept
    }

    private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
        do {
            try OpenFile.write(bytes, to: file, path: path)
        } catch {
            throw PublishingError.notWritable(path: path, reason: error.reason)
        }
    }

    private func failure(_ path: String) -> PublishingError {
        .notWritable(path: path, reason: systemReason(errno))
    }
}

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

    /// Stores `body` as `votes/<16 hexadecimal digits>.jsonl`. On return it is on the disk.
    /// - Returns: path in the atlas.
    /// - Throws: `PublishingError.notWritable`.
    func keep(_ body: [UInt8]) throws -> String {
        let votes = folder + "/" + Leftover.votes
        if mkdir(votes, 0o755) != 0, errno != EEXIST { throw failure(votes) }
        // Opens the folder itself and refuses a link with its name.
        let directory = open(votes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { throw failure(votes) }
        defer { close(directory) }

        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let name = String(repeating: "0", count: 16 - digits.count) + digits + ".jsonl"
        let unfinished = "." + name
        let file = openat(directory, unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure(votes) }
        do {
            defer { close(file) }
            let whole = body.last == UInt8(ascii: "\n") ? body : body + [UInt8(ascii: "\n")]
            try Self.write(whole, to: file, votes)
            guard fsync(file) == 0 else { throw failure(votes) }
            // A hard link, because renaming would replace a file of the same name.
            guard linkat(directory, unfinished, directory, name, 0) == 0 else {
                throw failure(votes)
            }
        } catch {
            unlinkat(directory, unfinished, 0)
            throw error
        }
        unlinkat(directory, unfinished, 0)
        guard fsync(directory) == 0 else { throw failure(votes) }
        return Leftover.votes + "/" + name
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

import AtlasModel
import Foundation

/// A union of votes by their ids.
struct VoteUnion {
    /// In the order in which they were read.
    private var all: [Vote] = []
    /// For each id the index of its vote.
    private var index: [String: Int] = [:]
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

    var count: Int { all.count }

    /// In the order of their ids.
    var votes: [Vote] {
        // Only numbers change places: a vote is large.
        all.indices.sorted { all[$0].id < all[$1].id }.map { all[$0] }
    }

    var rejected: [Rejection] { rejections.values.sorted() }

    /// Adds the votes of a file, which may be a zip archive. Each unusable line is recorded once, even if it is read several
    /// times.
    mutating func read(_ path: String) -> Reading {
        var reading = Reading()
        do {
            for content in try VoteFiles.contents(of: path) { read(content, into: &reading) }
        } catch {
            reject(path, line: 0, "\(error)")
        }
        return reading
    }

    private mutating func read(_ content: VoteContent, into reading: inout Reading) {
        let text: VoteText
        do {
            text = VoteText(try content.bytes.get())
            try text.check(path: content.path)
        } catch {
            return reject(content.path, line: 0, error.reason)
        }
        for line in text.lines {
            do {
                let vote = try line.vote.get()
                guard let known = index[vote.id] else {
                    index[vote.id] = all.count
                    all.append(vote)
                    reading.added.append(vote)
                    continue
                }
                guard all[known] == vote else { throw VoteFault.otherContent(id: vote.id) }
                reading.duplicates += 1
            } catch {
                reject(content.path, line: line.number, "\(error)")
            }
        }
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

import Archives
import AtlasModel
import Files
import Foundation
import Testing

@testable import Review

@Suite("Merging votes")
struct MergeTests {
    /// Every file of a folder of votes with its content.
    private func snapshot(_ folder: String) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try contents(of: folder + "/" + $0)) })
    }

    private func ids(_ folder: String) throws -> [String] {
        try VoteFolder(folder).read().votes.map(\.id)
    }

    @Test("Merging a file again adds nothing and changes no byte")
    func twice() throws {
        try withFolder { folder in
            let (source, into) = (folder + "/a.jsonl", folder + "/votes")
            try write((1...5).map { line(vote: $0, reviewer: $0 % 2) }.joined(), to: source)
            let first = try VoteFolder(into).merge([source])
            #expect(first == .init(votes: 5, added: 5, duplicates: 0, rejected: []))
            let before = try snapshot(into)
            let second = try VoteFolder(into).merge([source])
            #expect(second == .init(votes: 5, added: 0, duplicates: 5, rejected: []))
            #expect(try snapshot(into) == before)
            #expect(
                Set(before.keys) == [".merge.lock", name(0) + ".jsonl", name(1) + ".jsonl"])
        }
    }

    @Test("The order of the files does not matter")
    func order() throws {
        try withFolder { folder in
            let files = ["a", "b", "c"].map { "\(folder)/\($0).jsonl" }
            try write((1...6).map { line(vote: $0) }.joined(), to: files[0])
            try write((4...9).map { line(vote: $0) }.joined(), to: files[1])
            // The same id with other content than in the first file.
            try write(line(vote: 1, answer: "B") + line(vote: 10), to: files[2])
            let forward = try VoteFolder(folder + "/1").merge(files)
            let backward = try VoteFolder(folder + "/2").merge(files.reversed())
            #expect(forward == backward)
            #expect(forward.votes == 10)
            #expect(try snapshot(folder + "/1") == snapshot(folder + "/2"))
        }
    }

    @Test("The halves one after the other give the votes of the whole", arguments: [0, 1, 17, 40])
    func union(cut: Int) throws {
        try withFolder { folder in
            let lines = (1...40).map { line(vote: $0, comparison: $0, reviewer: $0 % 3) }
            try write(lines.joined(), to: folder + "/whole.jsonl")
            try write(lines.prefix(cut + 3).joined(), to: folder + "/first.jsonl")
            try write(lines.dropFirst(cut).joined(), to: folder + "/second.jsonl")
            _ = try VoteFolder(folder + "/at-once").merge([folder + "/whole.jsonl"])
            _ = try VoteFolder(folder + "/halves").merge([folder + "/second.jsonl"])
            let last = try VoteFolder(folder + "/halves").merge([folder + "/first.jsonl"])
            #expect(last.votes == 40)
            #expect(
                try VoteFolder(folder + "/halves").read().votes
                    == VoteFolder(folder + "/at-once").read().votes)
        }
    }

    @Test("A line cut short is reported and the others are merged; whole again it is added")
    func cutShort() throws {
        try withFolder { folder in
            let (source, into) = (folder + "/a.jsonl", folder + "/votes")
            let whole = line(vote: 1) + line(vote: 2)
            try write(String(whole.dropLast(30)), to: source)
            let merge = try VoteFolder(into).merge([source])
            #expect(merge.added == 1)
            #expect(merge.rejected.map(\.path) == [source])
            #expect(merge.rejected.map(\.line) == [2])
            try write(whole, to: source)
            #expect(try VoteFolder(into).merge([source]).added == 1)
            #expect(try ids(into) == [name(1), name(2)])
        }
    }

    @Test("What lies in the folder stays byte for byte, also a last line without an end")
    func appendOnly() throws {
        try withFolder { folder in
            let into = folder + "/votes"
            let file = "\(into)/\(name(1)).jsonl"
            try FileManager.default.createDirectory(atPath: into, withIntermediateDirectories: true)
            let before = "not a vote\n" + line(vote: 1) + String(line(vote: 2).dropLast(9))
            try write(before, to: file)
            try write(line(vote: 3), to: folder + "/a.jsonl")
            let merge = try VoteFolder(into).merge([folder + "/a.jsonl"])
            #expect(try contents(of: file) == before + "\n" + line(vote: 3))
            #expect(merge.votes == 2)
            #expect(merge.rejected.map(\.line) == [1, 3])
        }
    }

    @Test("A known name with another content is rejected, with its place")
    func otherContent() throws {
        try withFolder { folder in
            let (source, into) = (folder + "/a.jsonl", folder + "/votes")
            try write(line(vote: 1), to: source)
            _ = try VoteFolder(into).merge([source])
            try write("\n" + line(vote: 1, answer: "B") + line(vote: 2), to: source)
            let merge = try VoteFolder(into).merge([source])
            let reason = "\(VoteFault.otherContent(id: name(1)))"
            #expect(
                merge
                    == .init(
                        votes: 2, added: 1, duplicates: 0,
                        rejected: [Rejection(path: source, line: 2, reason: reason)]))
            #expect(try VoteFolder(into).read().votes.first?.answer == .a)
        }
    }

    @Test("Byte order mark, Windows line ends, empty lines, a missing last line end: no fault")
    func forms() throws {
        try withFolder { folder in
            let source = folder + "/a.jsonl"
            let lines = (1...3).map { String(line(vote: $0).dropLast()) }
            try write("\u{FEFF}\r\n" + lines.joined(separator: "\r\n\r\n  \n"), to: source)
            let merge = try VoteFolder(folder + "/votes").merge([source])
            #expect(merge == .init(votes: 3, added: 3, duplicates: 0, rejected: []))
        }
    }

    @Test("Votes are read from files of any name; other files are named, hidden ones passed over")
    func folders() throws {
        try withFolder { folder in
            let inner = folder + "/share/colleague"
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: true)
            let names = ["a.jsonl", "b.jsonl.txt", "c (1).txt", "d.json", "e", "colleague/F.JSONL"]
            for (number, name) in names.enumerated() {
                try write(line(vote: number), to: folder + "/share/" + name)
            }
            try write("rubbish", to: folder + "/share/._a.jsonl")
            try write("rubbish", to: folder + "/share/Thumbs.db")
            try write("rubbish", to: folder + "/share/readme.txt")
            try write("", to: folder + "/share/empty.jsonl")
            try Data([0x1F, 0x8B, 8]).write(to: URL(filePath: folder + "/share/packed.gz"))
            try write("PK\u{3}\u{4}", to: folder + "/share/votes.zip")
            let merge = try VoteFolder(folder + "/votes").merge([folder + "/share"])
            #expect(merge.votes == 6 && merge.added == 6 && merge.duplicates == 0)
            let rejected = merge.rejected.map { rejection -> String in
                let name = rejection.path.split(separator: "/").last ?? ""
                return "\(name): \(rejection.reason)"
            }
            let expected = [
                "empty.jsonl: it is empty. If it is still being copied, merge again later. "
                    + "Ask the reviewer to save the votes again otherwise",
                "packed.gz: it is compressed with gzip. Unpack it",
                "readme.txt: it has no line that is a vote. Ask the reviewer to save the votes again",
                "votes.zip: it is a zip archive that is cut short. Ask for it again",
            ]
            #expect(rejected == expected)
        }
    }

    @Test("Votes are read from a zip archive; what is no vote in it is named by archive and name")
    func zipped() throws {
        try withFolder { folder in
            let archive = ZipWriter.archive(of: [
                ("AB/votes.jsonl", Array(line(vote: 1).utf8)),
                ("AB/votes (1).txt", Array((line(vote: 1) + line(vote: 2)).utf8)),
                ("__MACOSX/AB/._votes.jsonl", [0, 5, 22, 7]),
                ("AB/cut.jsonl", Array((line(vote: 3) + line(vote: 4)).utf8.dropLast(30))),
                ("letter.txt", Array("Dear colleague".utf8)),
                ("", []),
            ])
            // Another name than an archive's, as some mail programs give.
            let source = folder + "/votes.zip.txt"
            try Data(try #require(archive)).write(to: URL(filePath: source))
            let merge = try VoteFolder(folder + "/votes").merge([source])
            #expect(try ids(folder + "/votes") == [name(1), name(2), name(3)])
            #expect(merge.duplicates == 1)
            #expect(
                merge.rejected.map { "\($0.path.dropFirst(source.count)) \($0.line)" } == [
                    "/ 0", "/AB/cut.jsonl 2", "/letter.txt 0",
                ])
        }
    }

    @Test("A file cut at any byte gives its whole lines, and names the line that was cut")
    func cutAnywhere() throws {
        let whole = Array((line(vote: 1) + line(vote: 2)).utf8)
        let first = line(vote: 1).utf8.count
        for count in 1...whole.count {
            let lines = VoteText(Array(whole.prefix(count))).lines
            let votes = lines.compactMap { try? $0.vote.get().id }
            // A line that lacks nothing but its end is whole.
            let expected = (count >= first - 1 ? 1 : 0) + (count >= whole.count - 1 ? 1 : 0)
            #expect(votes.count == expected)
            let faults = lines.compactMap { line -> VoteFault? in
                if case .failure(let fault) = line.vote { fault } else { nil }
            }
            let isCut = lines.count > expected
            #expect(faults == (isCut ? [.cutShort] : []))
        }
    }

    @Test(
        "UTF-16 and line ends of old systems are read",
        arguments: [
            ("\r", String.Encoding.utf8), ("\r\n", .utf16LittleEndian), ("\n", .utf16BigEndian),
            ("\r\n", .utf16),
        ])
    func encodings(end: String, encoding: String.Encoding) throws {
        let text = (1...3).map { line(vote: $0).dropLast() + end }.joined()
        let bytes = try #require(text.data(using: encoding))
        let lines = VoteText(Array(bytes)).lines
        #expect(lines.map(\.number) == [1, 2, 3])
        #expect(try lines.map { try $0.vote.get().id } == [name(1), name(2), name(3)])
    }

    @Test("The folder itself may be a source: nothing is added, a bad line is reported once")
    func itself() throws {
        try withFolder { folder in
            try write(line(vote: 1) + "rubbish\n", to: folder + "/colleague.jsonl")
            let merge = try VoteFolder(folder).merge([folder, folder + "/./", folder])
            #expect(merge.votes == 1)
            #expect(merge.added == 0)
            #expect(merge.rejected.map(\.line) == [2])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                    == [".merge.lock", "colleague.jsonl"])
        }
    }

    @Test("A source that is not there is reported and stops nothing")
    func missingSource() throws {
        try withFolder { folder in
            try write(line(vote: 1), to: folder + "/a.jsonl")
            let gone = folder + "/gone.jsonl"
            let merge = try VoteFolder(folder + "/votes").merge([gone, folder + "/a.jsonl"])
            #expect(merge.added == 1)
            #expect(merge.rejected.map(\.path) == [gone])
            #expect(merge.rejected.map(\.line) == [0])
        }
    }

    @Test("While one merge runs another into the same folder is refused")
    func concurrent() throws {
        try withFolder { folder in
            let lock = open(folder + "/.merge.lock", O_CREAT | O_RDWR, 0o666)
            // Even a shared lock blocks a merge, because the merge needs an exclusive lock.
            #expect(flock(lock, LOCK_SH | LOCK_NB) == 0)
            #expect(throws: ReviewError.mergeRunning(folder: folder)) {
                try VoteFolder(folder).merge([])
            }
            close(lock)
            let free = try VoteFolder(folder).merge([])
            #expect(free.votes == 0)
        }
    }

    @Test("When a file cannot be written, what was there stays, and nothing half-written is left")
    func cannotWrite() throws {
        try withFolder { folder in
            let into = folder + "/votes"
            // A folder has the name of the new file: renaming to it fails even for root.
            let blocked = "\(into)/\(name(7)).jsonl"
            try FileManager.default.createDirectory(
                atPath: blocked + "/x", withIntermediateDirectories: true)
            try write(line(vote: 1), to: "\(into)/\(name(1)).jsonl")
            #expect(throws: FileError(.rename, path: blocked, number: EISDIR)) {
                try AtomicFile.write(Array(line(vote: 2).utf8), to: blocked)
            }
            #expect(try ids(into) == [name(1)])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: into).sorted()
                    == ["\(name(1)).jsonl", "\(name(7)).jsonl"])
        }
    }

    @Test("A crash's half-written file counts for nothing and is in nobody's way")
    func leftover() throws {
        try withFolder { folder in
            let into = folder + "/votes"
            try FileManager.default.createDirectory(
                atPath: into, withIntermediateDirectories: true)
            try write(line(vote: 9), to: "\(into)/.\(name(1)).jsonl.partial")
            try write(line(vote: 1), to: folder + "/a.txt")
            let merge = try VoteFolder(into).merge([folder + "/a.txt"])
            #expect(merge == .init(votes: 1, added: 1, duplicates: 0, rejected: []))
            #expect(try ids(into) == [name(1)])
        }
    }

    @Test("A file keeps its permissions when votes are added")
    func permissions() throws {
        try withFolder { folder in
            let file = "\(folder)/\(name(1)).jsonl"
            try write(line(vote: 1), to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: file)
            try write(line(vote: 2), to: folder + "/more.txt")
            _ = try VoteFolder(folder).merge([folder + "/more.txt"])
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o664)
        }
    }

    @Test("Ten thousand votes of fifty reviewers are merged, each once")
    func many() throws {
        try withFolder { folder in
            let lines = (0..<10_000).map {
                line(vote: $0, comparison: $0 / 50, reviewer: $0 % 50)
            }
            try write(lines.shuffled().joined(), to: folder + "/a.jsonl")
            let merge = try VoteFolder(folder + "/votes").merge([
                folder + "/a.jsonl", folder + "/a.jsonl",
            ])
            #expect(merge == .init(votes: 10_000, added: 10_000, duplicates: 10_000, rejected: []))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/votes")
            #expect(files.count == 51)
            #expect(try ids(folder + "/votes") == (0..<10_000).map(name))
        }
    }
}

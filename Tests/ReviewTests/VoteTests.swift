import Foundation
import Testing

@testable import Review

@Suite("A line of a vote file")
struct VoteTests {
    private let good = """
        {"answer":"A","comparison":"0123456789abcdef","reviewer":"00000000000000ff","name":"Ada",\
        "revision":2,"tags":["colour","grain size"],"trial":"00000000000000aa","version":1,\
        "vote":"fedcba9876543210"}
        """

    @Test("Every part of a vote is read")
    func parts() throws {
        #expect(
            try Vote(line: good.utf8)
                == Vote(
                    id: "fedcba9876543210", trial: "00000000000000aa",
                    comparison: "0123456789abcdef", reviewer: "00000000000000ff", name: "Ada",
                    revision: 2, answer: .a, tags: ["colour", "grain size"]))
    }

    @Test("Name and tags may be missing; what a later program adds is passed over")
    func optionalParts() throws {
        let text = line(vote: 1, answer: "withdrawn")
            .replacing(#""tags":[],"#, with: #""seconds":{"a":[1,2.5]},"#)
        let vote = try Vote(line: text.utf8)
        #expect(vote.name == nil)
        #expect(vote.tags.isEmpty)
        #expect(vote.remark == nil && vote.given == nil && !vote.isSwapped)
        #expect(vote.answer == .withdrawn)
    }

    @Test("A vote written and read again is the same vote")
    func roundTrip() throws {
        let vote = Vote(
            id: name(1), trial: trial, comparison: name(2), reviewer: name(3),
            name: "Zoë \"quoted\"\n\\/ 石", revision: 1_000_000, answer: .neither,
            tags: ["quality of the picture"], remark: "Folds \"run\"\nleft", isSwapped: true,
            given: "2026-05-14T09:30:00Z")
        #expect(vote.line.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(try Vote(line: vote.line.dropLast()) == vote)
    }

    @Test(
        "What is wrong is told in words",
        arguments: [
            ("\"answer\":\"A\"", "\"answer\":\"C\"", "\"answer\" is \"C\", but has to be one of"),
            ("\"answer\":\"A\"", "\"answer\":\"a\"", "\"answer\" is \"a\", but has to be one of"),
            ("\"answer\":\"A\",", "", "\"answer\" is missing"),
            ("\"version\":1", "\"version\":2", "not of version 1, the one this program knows."),
            ("\"version\":1", "\"version\":\"1\"", "\"version\" is not the kind of value"),
            ("\"version\":1,", "", "\"version\" is missing"),
            ("0123456789abcdef", "0123456789ABCDEF", "\"comparison\" is \"0123456789ABCDEF\", but"),
            ("0123456789abcdef", "0123456789abcde", "\"comparison\" is \"0123456789abcde\", but"),
            ("00000000000000ff", "../../etc/passwd", "\"reviewer\" is \"../../etc/passwd\", but"),
            ("00000000000000aa", "", "\"trial\" is \"\", but has to be 16 hexadecimal digits"),
            ("\"fedcba9876543210\"", "7", "\"vote\" is not the kind of value"),
            ("\"revision\":2", "\"revision\":0", "\"revision\" has to be a whole number from 1 to"),
            (
                "\"revision\":2", "\"revision\":1.5",
                "\"revision\" has to be a whole number from 1 to"
            ),
            (
                "\"revision\":2", "\"revision\":1e99",
                "\"revision\" has to be a whole number from 1 to"
            ),
            ("\"revision\":2", "\"revision\":true", "\"revision\" is not the kind of value"),
            ("\"colour\"", "\"\"", "\"tags\" has to be at most 16 words of 1 to 40 characters."),
            ("[\"colour\",\"grain size\"]", "\"colour\"", "\"tags\" is not the kind of value"),
            (
                "\"tags\"", "\"given\":\"14.5.2026\",\"tags\"",
                "\"given\" is \"14.5.2026\", but has to be"
            ),
            ("\"tags\"", "\"swapped\":1,\"tags\"", "\"swapped\" is not the kind of value"),
            ("\"vote\":\"fedcba9876543210\"}", "\"vote\":\"fedc", "perhaps cut short"),
            ("}", "}}", "perhaps cut short"),
        ])
    func faults(part: String, replacement: String, sentence: String) {
        let text = good.replacing(part, with: replacement)
        let fault = #expect(throws: VoteFault.self) { try Vote(line: text.utf8) }
        #expect(fault.map { "\($0)".contains(sentence) } == true, "\(fault.map { "\($0)" } ?? "")")
    }

    @Test("A line that is no object is no vote", arguments: ["[]", "7", "\"A\"", "null", "true"])
    func noObject(text: String) {
        #expect(throws: VoteFault.json(.notAnObject)) { try Vote(line: text.utf8) }
    }

    @Test("Sizes are bounded")
    func bounds() {
        let name = good.replacing("Ada", with: String(repeating: "a", count: 201))
        #expect(throws: VoteFault.name) { try Vote(line: name.utf8) }
        let tag = good.replacing("colour", with: String(repeating: "a", count: 41))
        #expect(throws: VoteFault.tags) { try Vote(line: tag.utf8) }
        let tags = good.replacing(
            "\"colour\"", with: Array(repeating: "\"a\"", count: 16).joined(separator: ","))
        #expect(throws: VoteFault.tags) { try Vote(line: tags.utf8) }
        let remark = good.replacing(
            "\"name\"", with: "\"remark\":\"\(String(repeating: "a", count: 501))\",\"name\"")
        #expect(throws: VoteFault.remark) { try Vote(line: remark.utf8) }
        let padded = good + String(repeating: " ", count: 4097 - good.utf8.count)
        #expect(throws: VoteFault.tooLong(bytes: 4097)) { try Vote(line: padded.utf8) }
        #expect(throws: Never.self) { try Vote(line: padded.dropLast().utf8) }
    }

    @Test("Bytes that are not UTF-8 are told apart from broken JSON")
    func notUTF8() {
        #expect(throws: VoteFault.notUTF8) { try Vote(line: Array(good.utf8) + [0xFF]) }
    }

    /// The decoder reads what the scanner does not: the same vote with a blank at its end, which the
    /// scanner does not allow.
    @Test(
        "Lines that the page writes are read fast, with the same result",
        arguments: [
            line(vote: 1), line(vote: 2, revision: 12, answer: "withdrawn"),
            line(vote: 3).replacing("[]", with: #"["colour","Körnung"]"#),
            line(vote: 4).replacing(",", with: ", ").replacing(":", with: ": "),
            line(vote: 5).replacing(
                "\"tags\"",
                with:
                    #""name":"Zoë","remark":"石, {a}","swapped":true,"given":"2026-05-14T09:30:00Z","tags""#
            ),
        ])
    func scanned(text: String) throws {
        let bytes = Array(text.utf8.dropLast())
        let scanned = try #require(VoteScanner.vote(bytes))
        #expect(VoteScanner.vote(bytes + Array("\t".utf8)) == nil)
        #expect(try Vote(line: bytes + Array("\t".utf8)) == scanned)
    }

    @Test(
        "What is not quite as the page writes it is left to the decoder",
        arguments: [
            line(vote: 1).replacing("\"tags\"", with: #""more":1,"tags""#),
            line(vote: 1).replacing("\"tags\"", with: #""revision":1,"tags""#),
            line(vote: 1).replacing("[]", with: #"["a\"b"]"#),
            line(vote: 1).replacing("[]", with: #"[""]"#),
            line(vote: 1).replacing(#""revision":1"#, with: #""revision":1.0"#),
            line(vote: 1).replacing("}", with: ""),
        ])
    func notScanned(text: String) {
        #expect(VoteScanner.vote(Array(text.utf8.dropLast())) == nil)
    }
}

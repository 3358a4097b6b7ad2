import AtlasModel
import Foundation
import Similarity
import Statistics
import Testing

@testable import Review

@Suite("Counting votes")
struct TallyTests {
    /// Pairwise is on side A of comparison 1 and on side B of the others.
    private let key = TrialKey(
        trial: trial,
        comparisons: [
            name(1): .init(a: .pairwise, b: .kmeans),
            name(2): .init(a: .kmeans, b: .pairwise),
            name(3): .init(a: .kmeans, b: .pairwise),
        ])

    private func summary(_ lines: [String], labels: [String: String]? = nil) throws -> VoteSummary {
        let votes = try lines.map { try Vote(line: $0.dropLast().utf8) }
        let forward = VoteSummary(of: votes, key: key, labels: labels)
        #expect(VoteSummary(of: votes.reversed(), key: key, labels: labels) == forward)
        return forward
    }

    @Test("Sides are turned into models; equal and neither are counted apart")
    func sides() throws {
        let summary = try summary(
            [
                line(vote: 1, comparison: 1, reviewer: 1, answer: "A"),
                line(vote: 2, comparison: 2, reviewer: 1, answer: "A"),
                line(vote: 3, comparison: 3, reviewer: 1, answer: "B"),
                line(vote: 4, comparison: 1, reviewer: 2, answer: "equal"),
                line(vote: 5, comparison: 2, reviewer: 2, answer: "neither"),
                line(vote: 6, comparison: 3, reviewer: 3, answer: "B"),
            ],
            labels: [name(1): "gneiss", name(2): "marble", name(3): "marble"])
        #expect(summary.total == Preferences(pairwise: 3, kmeans: 1, equal: 1, neither: 1))
        #expect(summary.reviewers == 3)
        #expect(
            summary.byType == [
                "gneiss": Preferences(pairwise: 1, equal: 1),
                "marble": Preferences(pairwise: 2, kmeans: 1, neither: 1),
            ])
    }

    @Test("A trial of other models counts for them, and the sentence names the one preferred")
    func otherModels() throws {
        let key = TrialKey(
            trial: trial,
            comparisons: [
                name(1): .init(a: .embedding, b: .kmeans),
                name(2): .init(a: .kmeans, b: .embedding),
            ])
        let votes = try [
            line(vote: 1, comparison: 1, answer: "A"), line(vote: 2, comparison: 2, answer: "B"),
        ].map { try Vote(line: $0.dropLast().utf8) }
        let summary = VoteSummary(of: votes, key: key, labels: nil)
        #expect(summary.total == Preferences(preferred: [.embedding: 2, .kmeans: 0]))
        #expect(summary.total.models == [.kmeans, .embedding])
    }

    @Test("Only the highest revision counts; of equal ones the larger name")
    func revisions() throws {
        let summary = try summary([
            line(vote: 9, comparison: 1, revision: 1, answer: "A"),
            line(vote: 4, comparison: 1, revision: 10, answer: "B"),
            line(vote: 8, comparison: 1, revision: 2, answer: "equal"),
            line(vote: 5, comparison: 2, revision: 1, answer: "A"),
            line(vote: 6, comparison: 2, revision: 1, answer: "B"),
        ])
        #expect(summary.total == Preferences(pairwise: 1, kmeans: 1))
        #expect(summary.byType == nil)
    }

    @Test("A withdrawn answer takes the earlier ones with it, and a later one counts again")
    func withdrawn() throws {
        let summary = try summary([
            line(vote: 1, comparison: 1, revision: 1, answer: "A"),
            line(vote: 2, comparison: 1, revision: 2, answer: "withdrawn"),
            line(vote: 3, comparison: 2, revision: 1, answer: "B"),
            line(vote: 4, comparison: 2, revision: 2, answer: "withdrawn"),
            line(vote: 5, comparison: 2, revision: 3, answer: "neither"),
            line(vote: 6, comparison: 1, reviewer: 2, revision: 1, answer: "withdrawn"),
        ])
        #expect(summary.total == Preferences(neither: 1))
        #expect(summary.reviewers == 1)
    }

    @Test("Votes of another trial and on unknown comparisons are counted apart")
    func foreign() throws {
        let summary = try summary([
            line(vote: 1, comparison: 1),
            line(vote: 2, comparison: 4),
            line(vote: 3, comparison: 5),
            line(vote: 4, comparison: 1, answer: "B", trial: name(0xbb)),
            line(vote: 5, comparison: 5, trial: name(0xbb)),
            line(vote: 6, comparison: 5, trial: name(0xcc)),
        ])
        #expect(summary.total == Preferences(pairwise: 1))
        #expect(summary.otherTrial == 3)
        #expect(summary.unknown == 2)
    }

    @Test("Labels come from the plan beside the key, which has to be of the same trial")
    func labels() throws {
        try withFolder { folder in
            let keyFile = folder + "/key.json"
            try write(
                #"{"trial": "\#(trial)", "comparisons": {"\#(name(1))": {"A": "pairwise", "B": "kmeans"}}}"#,
                to: keyFile)
            let target = #"[{"key": "gneiss/2", "rotation": 0}]"#
            func plan(_ trial: String) -> String {
                #"{"trial": "\#(trial)", "comparisons": [{"id": "\#(name(1))", "candidate": "gneiss/a/1", "A": \#(target), "B": \#(target)}]}"#
            }
            func labels() throws -> [String: String]? {
                try TrialRecord.read(keyPath: keyFile, models: LikenessTable.standard.models).labels
            }
            #expect(try labels() == nil)
            try write(plan(trial), to: folder + "/plan.json")
            #expect(try labels() == [name(1): "gneiss"])
            try write(plan(name(5)), to: folder + "/plan.json")
            #expect(
                throws: ReviewError.otherTrial(
                    path: folder + "/plan.json", trial: name(5), other: keyFile, otherTrial: trial)
            ) { try labels() }
        }
    }

    @Test("A key or a folder that is not there is named")
    func missing() throws {
        #expect(throws: ReviewError.noKey(path: "nowhere/key.json")) {
            try TrialKey.read("nowhere/key.json", models: LikenessTable.standard.models)
        }
        #expect(throws: ReviewError.noFolder(path: "nowhere/votes")) {
            try VoteFolder("nowhere/votes").read()
        }
    }

    /// R. G. Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics
    /// in Medicine 17:857–872, table I, method 3 (score, without continuity correction).
    @Test(
        "The interval is that of the published table",
        arguments: [
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ])
    func wilson(count: Int, total: Int, low: Double, high: Double) {
        let interval = Preferences(pairwise: count, kmeans: total - count).share(of: .pairwise)
            .interval
        #expect(abs(interval.lowerBound - low) <= 0.00005)
        #expect(abs(interval.upperBound - high) <= 0.00005)
        let mirrored = Preferences(pairwise: count, kmeans: total - count).share(of: .kmeans)
            .interval
        #expect(abs(mirrored.upperBound - (1 - interval.lowerBound)) < 1e-12)
    }
}

import AtlasModel
import Files
import Foundation
import RandomNumbers
import Similarity
import Testing

@testable import Review

@Suite("The files of a trial")
struct ReviewFolderTests {
    private func plan() throws -> ReviewPlan {
        let (images, neighbours) = collection(types: ["gneiss", "marble"], perType: 10, targets: 9)
        var generator = SplitMix64(seed: 3)
        return try #require(
            ReviewPlan.drawn(
                from: neighbours, images: images, comparisons: 5, targets: 4, using: &generator))
    }

    private let facts = TrialPictures(digests: ["gneiss/1": "d"], brightness: ["gneiss/1": 12.5])

    @Test("A trial comes back as it was kept, and nothing else lies in the folder")
    func roundTrip() throws {
        try withFolder { folder in
            let review = ReviewFolder(folder + "/review")
            #expect(try review.running() == nil)
            try review.begin(plan(), facts)
            #expect(try review.running() == plan())
            let files = try FileManager.default.contentsOfDirectory(atPath: review.path)
            #expect(files.sorted() == ["key.json", "pictures.json", "plan.json"])
            #expect(try review.pictures(of: plan().trial) == facts)
            #expect(review.pictures(of: trial) == nil)
        }
    }

    @Test("plan.json names no model and no kind, key.json no picture")
    func blind() throws {
        try withFolder { folder in
            try ReviewFolder(folder).begin(plan(), facts)
            let planText = try contents(of: folder + "/plan.json").lowercased()
            for word in ["kmeans", "k-means", "pairwise", "model", "kind", "again", "attention"] {
                #expect(!planText.contains(word))
            }
            let keyText = try contents(of: folder + "/key.json")
            #expect(!keyText.contains("gneiss") && !keyText.contains("marble"))
            let key = try #require(
                JSONSerialization.jsonObject(with: Data(keyText.utf8)) as? [String: Any])
            #expect(Set(key.keys) == ["trial", "comparisons", "pairs"])
            let sides = try #require(key["comparisons"] as? [String: [String: String]])
            let practice = try #require(plan().practice)
            #expect(
                Set(sides.keys) == Set(try plan().comparisons.map(\.id) + [practice.id]))
            for comparison in try plan().comparisons {
                let side = try #require(sides[comparison.id])
                #expect(side["A"] == comparison.a.model?.id)
                #expect(side["B"] == comparison.b.model?.id)
            }
            #expect(sides[practice.id]?["kind"] == "practice")
        }
    }

    @Test("The files of a trial that an older release began are read")
    func older() throws {
        try withFolder { folder in
            let panel = #"[{"key": "gneiss/2", "rotation": 90}]"#
            try write(
                #"{"trial": "\#(trial)", "comparisons": [{"id": "\#(name(1))", "candidate": "gneiss/1", "A": \#(panel), "B": \#(panel)}]}"#,
                to: folder + "/plan.json")
            try write(
                #"{"trial": "\#(trial)", "comparisons": {"\#(name(1))": {"A": "pairwise", "B": "kmeans"}}}"#,
                to: folder + "/key.json")
            let plan = try #require(try ReviewFolder(folder).running())
            #expect(plan.comparisons.map(\.kind) == [.normal])
            #expect(plan.comparisons.map(\.part) == [0])
            #expect(plan.comparisons[0].a.model == .pairwise)
            #expect(plan.practice == nil && plan.choices == nil && plan.parts == 0)
            #expect(plan.pairs.map(\.models) == [[.kmeans, .pairwise]])
        }
    }

    @Test("A running trial is not replaced")
    func notReplaced() throws {
        try withFolder { folder in
            let review = ReviewFolder(folder)
            try review.begin(plan(), facts)
            let before = try contents(of: folder + "/plan.json")
            #expect(throws: ReviewError.trialRunning(path: folder + "/plan.json")) {
                try review.begin(plan(), facts)
            }
            #expect(try contents(of: folder + "/plan.json") == before)
        }
    }

    @Test(
        "A trial whose build was interrupted while it was written is discarded",
        arguments: [
            ["pictures.json", "key.json"], ["pictures.json", "key.json", "plan.json"],
            ["pictures.json"], [],
        ])
    func interrupted(left: [String]) throws {
        try withFolder { folder in
            let review = ReviewFolder(folder)
            try review.begin(plan(), facts)
            for file in ["pictures.json", "key.json", "plan.json"] where !left.contains(file) {
                try FileManager.default.removeItem(atPath: folder + "/" + file)
            }
            try Data().write(to: URL(filePath: folder + "/.beginning"))
            #expect(try review.running() == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            try review.begin(plan(), facts)
            #expect(try review.running() == plan())
        }
    }

    @Test("A lost half is an error that names both files")
    func halfMissing() throws {
        try withFolder { folder in
            let (planFile, keyFile) = (folder + "/plan.json", folder + "/key.json")
            let review = ReviewFolder(folder)
            try review.begin(plan(), facts)
            try FileManager.default.removeItem(atPath: keyFile)
            #expect(throws: ReviewError.halfMissing(path: keyFile, other: planFile)) {
                try review.running()
            }
            try FileManager.default.moveItem(atPath: planFile, toPath: keyFile)
            #expect(throws: ReviewError.halfMissing(path: planFile, other: keyFile)) {
                try review.running()
            }
        }
    }

    @Test(
        "Damage is told in words and nothing is changed",
        arguments: [
            ("plan.json", #"{"trial": "#, "it is no complete JSON, perhaps cut short"),
            ("plan.json", "[]", "it is no JSON object"),
            ("plan.json", #"{"trial": "00000000000000aa"}"#, #""comparisons" is missing"#),
            (
                "plan.json", #"{"trial": "x", "comparisons": []}"#,
                #""x" in "trial" is not 16 hexadecimal digits"#
            ),
            (
                "plan.json",
                #"{"trial": "00000000000000aa", "comparisons": [{"id": 5}]}"#,
                #""comparisons.0.id" is not the kind of value it has to be"#
            ),
            (
                "key.json",
                #"{"trial": "00000000000000aa", "comparisons": {"0000000000000001": {"A": "kmeans", "B": "kmeans"}}}"#,
                "both panels of comparison 0000000000000001 have one model"
            ),
            (
                "key.json",
                #"{"trial": "00000000000000aa", "comparisons": {"00000000000000ab": {"A": "kmeans", "B": "zebra"}}}"#,
                #""comparisons.00000000000000ab.B" is not the kind of value it has to be"#
            ),
        ])
    func damaged(file: String, text: String, reason: String) throws {
        try withFolder { folder in
            let path = folder + "/" + file
            try ReviewFolder(folder).begin(plan(), facts)
            try write(text, to: path)
            #expect(throws: ReviewError.damaged(path: path, reason: reason)) {
                try ReviewFolder(folder).running()
            }
            #expect(try contents(of: path) == text)
        }
    }

    @Test("Panels of different length, and turns by other angles, are damage")
    func impossiblePanels() throws {
        func text(_ a: String, _ b: String) -> String {
            #"{"trial": "\#(trial)", "comparisons": [{"id": "\#(name(1))", "candidate": "gneiss/1", "A": \#(a), "B": \#(b)}]}"#
        }
        let good = #"[{"key": "gneiss/2", "rotation": 90}]"#
        try withFolder { folder in
            let path = folder + "/plan.json"
            try write(text(good, good), to: path)
            #expect(try PlanFile.read(path).comparisons.count == 1)
            for bad in ["[]", #"[{"key": "gneiss/2", "rotation": 45}]"#] {
                try write(text(good, bad), to: path)
                let error = #expect(throws: ReviewError.self) { try PlanFile.read(path) }
                #expect("\(try #require(error))".contains("comparison \(name(1))"))
            }
        }
    }

    @Test("Files of two trials do not make one")
    func mixed() throws {
        try withFolder { folder in
            let review = ReviewFolder(folder)
            try review.begin(plan(), facts)
            let key = try contents(of: folder + "/key.json")
            let ours = try plan().trial
            try write(key.replacing(ours, with: trial), to: folder + "/key.json")
            #expect(
                throws: ReviewError.otherTrial(
                    path: folder + "/plan.json", trial: ours, other: folder + "/key.json",
                    otherTrial: trial)
            ) { try review.running() }
            // No other comparison of the key names it.
            let id = try #require(plan().comparisons.first { $0.kind != .normal }?.id)
            let more = #""\#(name(1))": {"A": "kmeans", "B": "pairwise"}, "\#(id)""#
            try write(key.replacing("\"\(id)\"", with: more), to: folder + "/key.json")
            #expect(
                throws: ReviewError.damaged(
                    path: folder + "/key.json",
                    reason: "it does not list the comparisons of \(folder)/plan.json")
            ) { try review.running() }
            try write(key.replacing(id, with: name(1)), to: folder + "/key.json")
            #expect(
                throws: ReviewError.damaged(
                    path: folder + "/key.json", reason: "the comparison \(id) is missing")
            ) { try review.running() }
        }
    }

    @Test("Closing moves both files below closed/, keeps the votes, and makes room for a new trial")
    func close() throws {
        try withFolder { folder in
            let review = ReviewFolder(folder)
            try review.begin(plan(), facts)
            _ = try VoteFolder(folder + "/votes").merge([])
            let closed = try review.close()
            #expect(closed.trial == (try plan().trial))
            #expect(closed.folder == folder + "/closed/" + closed.trial)
            #expect(try ReviewFolder(closed.folder).running() == plan())
            #expect(try review.running() == nil)
            #expect(FileManager.default.fileExists(atPath: folder + "/votes"))
            #expect(throws: ReviewError.noTrial(folder: folder)) { try review.close() }
            try review.begin(plan(), facts)
            #expect(throws: ReviewError.closedAlready(path: closed.folder + "/key.json")) {
                try review.close()
            }
            #expect(try review.running() == plan())
        }
    }

    @Test(
        "A trial with a lost or damaged file can be closed", arguments: ["plan.json", "key.json"])
    func closeDamaged(file: String) throws {
        try withFolder { folder in
            try ReviewFolder(folder).begin(plan(), facts)
            try write("{", to: folder + "/" + file)
            #expect(try ReviewFolder(folder).close().trial == plan().trial)
            #expect(try ReviewFolder(folder).running() == nil)
            let closed = try folder + "/closed/" + plan().trial
            #expect(try contents(of: closed + "/" + file) == "{")
        }
    }

    @Test("A trial that could be kept only by half is not kept at all")
    func halfKept() throws {
        try withFolder { folder in
            // A folder has the temporary name of the new plan: writing fails even for root.
            let blocked = folder + "/.plan.json.partial"
            try FileManager.default.createDirectory(
                atPath: blocked, withIntermediateDirectories: true)
            let reason = systemReason(EISDIR)
            #expect(throws: ReviewError.notWritten(path: folder + "/plan.json", reason: reason)) {
                try ReviewFolder(folder).begin(plan(), facts)
            }
            #expect(try ReviewFolder(folder).running() == nil)
        }
    }

    @Test("A folder that cannot be made is named")
    func notWritten() throws {
        try withFolder { folder in
            try write("", to: folder + "/file")
            let error = #expect(throws: ReviewError.self) {
                try ReviewFolder(folder + "/file/review").begin(plan(), facts)
            }
            guard case .notWritten(let path, _) = try #require(error) else {
                Issue.record("\(error!)")
                return
            }
            #expect(path == folder + "/file/review")
        }
    }
}

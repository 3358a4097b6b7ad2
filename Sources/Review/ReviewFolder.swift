package import AtlasModel
import Files
import Foundation

/// The folder of the running trial: `plan.json` and `key.json`, which are written once and stay
/// until the trial is closed.
package struct ReviewFolder: Sendable {
    package let path: String
    /// The likeness models that a key may name.
    private let models: [LikenessModel]

    package init(_ path: String, models: [LikenessModel]) {
        self.path = path
        self.models = models
    }

    private var plan: String { path + "/plan.json" }
    private var key: String { path + "/key.json" }
    /// The pictures that the trial began with.
    private var pictures: String { path + "/pictures.json" }
    /// This file exists and is locked while the two files are written.
    private var beginning: String { path + "/.beginning" }

    /// The running trial; `nil` when there is none.
    /// - Throws: `ReviewError` when one of the two files is missing or damaged, or they belong to
    ///   different trials. Nothing is changed then.
    package func running() throws(ReviewError) -> ReviewPlan? {
        let files = FileManager.default
        // The build that drew this trial was interrupted, so no reviewer has seen the trial.
        if files.fileExists(atPath: beginning) { try discard(try beginningLock()) }
        switch (files.fileExists(atPath: plan), files.fileExists(atPath: key)) {
        case (false, false): return nil
        case (false, true): throw .halfMissing(path: plan, other: key)
        case (true, false): throw .halfMissing(path: key, other: plan)
        case (true, true): break
        }
        let (questions, sides) = (try PlanFile.read(plan), try TrialKey.read(key, models: models))
        guard questions.trial == sides.trial else {
            throw .otherTrial(
                path: plan, trial: questions.trial, other: key, otherTrial: sides.trial)
        }
        guard questions.comparisons.count == sides.comparisons.count else {
            throw .damaged(path: key, reason: "it does not list the comparisons of \(plan)")
        }
        var comparisons: [ReviewPlan.Comparison] = []
        for question in questions.comparisons {
            guard let models = sides.comparisons[question.id] else {
                throw .damaged(path: key, reason: "the comparison \(question.id) is missing")
            }
            comparisons.append(
                .init(
                    id: question.id, candidate: question.candidate,
                    a: .init(model: models.a, targets: question.a),
                    b: .init(model: models.b, targets: question.b)))
        }
        return ReviewPlan(trial: questions.trial, comparisons: comparisons)
    }

    /// Writes the files of a new trial.
    /// - Throws: `ReviewError.trialRunning` when there is one already, `.notWritten`.
    package func begin(_ trial: ReviewPlan) throws(ReviewError) {
        for file in [plan, key] where FileManager.default.fileExists(atPath: file) {
            throw .trialRunning(path: file)
        }
        try writing(path) { () throws(FileError) in try Folders.make(path) }
        let lock = try beginningLock()
        do {
            try Self.write(KeyFile(TrialKey(trial)), to: key)
            try Self.write(PlanFile(trial), to: plan)
        } catch {
            try discard(lock)
            throw error
        }
        lock.removeFile()
    }

    /// Digests of the pictures of a trial by key, as they were when it began; `nil` when they are not
    /// known.
    package func digests(of trial: String) -> [String: String]? {
        guard let data = FileManager.default.contents(atPath: pictures),
            let file = try? JSONDecoder().decode(PicturesFile.self, from: data), file.trial == trial
        else { return nil }
        return file.digests
    }

    /// Writes down the pictures of a trial, so that a later build knows if a key means another one.
    /// - Parameter digests: by key.
    /// - Throws: `ReviewError.notWritten`.
    package func remember(_ digests: [String: String], of trial: String) throws(ReviewError) {
        try Self.write(PicturesFile(trial: trial, digests: digests), to: pictures)
    }

    private func beginningLock() throws(ReviewError) -> FileLock {
        do {
            if let lock = try FileLock(on: beginning) { return lock }
        } catch {
            throw .notWritten(path: beginning, reason: error.reason)
        }
        throw .notWritten(path: beginning, reason: "another build is drawing a trial there")
    }

    /// Removes the files of a trial that no reviewer has seen.
    private func discard(_ lock: FileLock) throws(ReviewError) {
        for file in [plan, key] where unlink(file) != 0 && errno != ENOENT {
            throw .notWritten(path: file, reason: systemReason(errno))
        }
        lock.removeFile()
    }

    /// Ends the running trial: its files move to `closed/<trial>/`; the votes are not moved.
    ///
    /// It also works when one of the files is missing or damaged, and it completes an earlier call
    /// that was interrupted.
    /// - Returns: name of the trial, and its new folder.
    /// - Throws: `ReviewError.noTrial`, `.closedAlready`, `.damaged`, `.notWritten`.
    package func close() throws(ReviewError) -> (trial: String, folder: String) {
        let there = [key, plan].filter { FileManager.default.fileExists(atPath: $0) }
        guard !there.isEmpty else { throw .noTrial(folder: path) }
        let trial = try name()
        let folder = "\(path)/closed/\(trial)"
        let others = [pictures].filter { FileManager.default.fileExists(atPath: $0) }
        let moves = (there + others).map {
            ($0, folder + "/" + URL(filePath: $0).lastPathComponent)
        }
        for (_, to) in moves where FileManager.default.fileExists(atPath: to) {
            throw .closedAlready(path: to)
        }
        try writing(folder) { () throws(FileError) in try Folders.make(folder) }
        for (from, to) in moves where rename(from, to) != 0 {
            throw .notWritten(path: to, reason: systemReason(errno))
        }
        Folders.synchronize(folder)
        Folders.synchronize(path)
        return (trial, folder)
    }

    /// The name of the trial, from the file that can be read.
    private func name() throws(ReviewError) -> String {
        do {
            return try TrialKey.read(key, models: models).trial
        } catch {
            guard FileManager.default.fileExists(atPath: plan) else { throw error }
            return try PlanFile.read(plan).trial
        }
    }

    private static func write(_ file: some Encodable, to path: String) throws(ReviewError) {
        let bytes = encoded(file)
        try writing(path) { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
    }

    private static func encoded(_ file: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(file)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("Text and whole numbers can always be written as JSON: \(error)")
        }
    }
}

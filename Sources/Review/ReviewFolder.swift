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
        guard questions.questions.count == sides.comparisons.count else {
            throw .damaged(path: key, reason: "it does not list the comparisons of \(plan)")
        }
        func comparison(_ question: PlanFile.Question) throws(ReviewError)
            -> ReviewPlan.Comparison
        {
            guard let models = sides.comparisons[question.id] else {
                throw .damaged(path: key, reason: "the comparison \(question.id) is missing")
            }
            return question.comparison(models)
        }
        var comparisons: [ReviewPlan.Comparison] = []
        for question in questions.comparisons { comparisons.append(try comparison(question)) }
        var practice: ReviewPlan.Comparison?
        if let question = questions.practice { practice = try comparison(question) }
        return ReviewPlan(
            trial: questions.trial, comparisons: comparisons, practice: practice,
            parts: questions.parts ?? 0, pairs: sides.pairs, choices: questions.choices)
    }

    /// Writes the files of a new trial.
    /// - Parameter pictures: what is known of its pictures, so that a later build knows if a key means
    ///   another one.
    /// - Throws: `ReviewError.trialRunning` when there is one already, `.notWritten`.
    package func begin(_ trial: ReviewPlan, _ facts: TrialPictures) throws(ReviewError) {
        for file in [plan, key] where FileManager.default.fileExists(atPath: file) {
            throw .trialRunning(path: file)
        }
        try writing(path) { () throws(FileError) in try Folders.make(path) }
        let lock = try beginningLock()
        do {
            try remember(facts, of: trial.trial)
            try Self.write(KeyFile(TrialKey(trial)), to: key)
            try Self.write(PlanFile(trial), to: plan)
        } catch {
            try discard(lock)
            throw error
        }
        lock.removeFile()
    }

    /// What is known of the pictures of a trial since it began; `nil` for a trial of an older release
    /// that wrote no such file, or when the file is damaged.
    package func pictures(of trial: String) -> TrialPictures? {
        guard let data = FileManager.default.contents(atPath: pictures),
            let file = try? JSONDecoder().decode(PicturesFile.self, from: data), file.trial == trial
        else { return nil }
        return TrialPictures(digests: file.digests, brightness: file.brightness ?? [:])
    }

    /// Writes down the pictures of a trial that an older release began.
    /// - Throws: `ReviewError.notWritten`.
    package func remember(_ facts: TrialPictures, of trial: String) throws(ReviewError) {
        try Self.write(
            PicturesFile(trial: trial, digests: facts.digests, brightness: facts.brightness),
            to: pictures)
    }

    /// Keys of the candidates of closed trials. A trial whose plan is lost or damaged is left out.
    package func askedBefore() throws(ReviewError) -> Set<String> {
        var keys: Set<String> = []
        for trial in try closedTrials() {
            guard let plan = try? PlanFile.read(trial + "/plan.json") else { continue }
            keys.formUnion(plan.comparisons.map(\.candidate))
        }
        return keys
    }

    /// Folders of the closed trials, sorted by name.
    package func closedTrials() throws(ReviewError) -> [String] {
        let closed = path + "/closed"
        guard Folders.contain(closed) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: closed)
                .filter(RandomName.isWellFormed).sorted().map { "\(closed)/\($0)" }
        } catch {
            throw .unreadable(path: closed, reason: systemReason(of: error))
        }
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
        for file in [plan, key, pictures] where unlink(file) != 0 && errno != ENOENT {
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
        let bytes = ReviewJSON.encoded(file)
        try writing(path) { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
    }
}

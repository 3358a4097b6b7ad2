import AtlasModel
import Catalog
import Messages
import Parallel
import Raster
import Similarity

/// What every stage needs, and the times of the stages so far.
struct BuildContext {
    private(set) var settings: AtlasSettings
    /// The rock types in class order.
    let types: [RockType]
    /// `nil` when nothing is cached.
    let workspace: Workspace?
    let narrator: Narrator
    let workers: Workers
    /// Shared by all threads that decode pictures.
    let memory: DecodingMemory
    let seed: UInt64
    let likenessModels: LikenessTable
    private let approximateFrom: Int
    /// Whether to say why a result is made again.
    let explains: Bool
    /// What this process does of the build.
    var assignment = Assignment.whole
    /// Threads of trainings, on which networks depend; otherwise the number of threads changes no result.
    var trainingThreads: Int
    /// Of the pictures of the collection; `nil` until they are needed.
    var textures: TextureVectors?
    /// The same, for networks that see crops.
    var larger: LargerPictures?
    /// What views compare, by the id of the view, so that all stages share it.
    private var features: [String: FeaturesOnce] = [:]

    /// Seconds, by stage.
    private(set) var seconds: [StageName: Double] = [:]
    /// Results reused from an earlier build, by stage.
    private(set) var reused: [StageName: Int] = [:]
    /// Results that the next build can reuse if nothing changes, by stage.
    private(set) var reusable: [StageName: Int] = [:]

    init(
        _ run: Run, settings: AtlasSettings, workspace: Workspace? = nil, explains: Bool = false
    ) {
        self.settings = settings
        types = settings.classes.types
        self.workspace = workspace
        narrator = run.narrator
        workers = run.workers
        trainingThreads = run.workers.count
        memory = DecodingMemory(megabytes: settings.memory)
        seed = run.seed
        likenessModels = run.likenessModels
        approximateFrom = run.approximateFrom
        self.explains = explains
    }

    /// Records the network of this build in the workspace, for commands that need one.
    func note(network path: String) throws {
        if assignment.writesWorkspace { try workspace?.note(network: path) }
    }

    /// Leaves out likeness models that compare the features of a network, for an atlas without one.
    mutating func leaveOutModelsOfNetworks() {
        let left = settings.models.filter(\.view.needsNetwork)
        guard !left.isEmpty else { return }
        narrator.warn(
            "\(left.map(\.title).joined(separator: " and ")) compares what a network makes of pictures of 28 "
                + "pixels, and is left out of this atlas, which has no such network.")
        settings.models.removeAll(where: \.view.needsNetwork)
        for model in likenessModels.defaultPair
        where settings.models.count < 2 && !settings.models.contains(model) {
            settings.models.append(model)
        }
    }

    /// Runs a stage. The result is read from the workspace if the key is the same; otherwise it is
    /// made and written there.
    /// - Parameter remark: makes the remark of the progress line about the result.
    /// - Throws: the error of the stage.
    @discardableResult
    mutating func run<Value>(
        _ stage: Stage<Value>, remark: (Staged<Value>) -> String = { _ in "" }
    ) throws -> Value {
        try run(parts: [(stage, 1)], remark: { remark($0[0]) })[0]
    }

    /// Runs a stage that has several results, each with its own cache entry: networks of folds, or
    /// ranges of pictures.
    /// - Parameters:
    ///   - parts: stages with the same name, at least one, and the amount of work of each in any
    ///     unit.
    ///   - remark: makes the remark of the progress line about the results.
    mutating func run<Value>(
        parts: [(stage: Stage<Value>, work: Int)], remark: ([Staged<Value>]) -> String
    ) throws -> [Value] {
        let name = parts[0].stage.name
        precondition(parts.allSatisfy { $0.stage.name == name }, "parts are of one stage")
        try assignment.begin(name)
        let total = parts.reduce(0) { $0 + $1.work }
        let (results, time) = try narrator.stage(
            name.rawValue, remark: remark,
            work: {
                var before = 0
                return try parts.map { stage, work in
                    defer { before += work }
                    let progress = Self.progress(
                        of: work, after: before, total: total, isOnly: parts.count == 1,
                        to: narrator)
                    return try value(of: stage, progress: progress)
                }
            })
        note(results, of: name, isCached: parts[0].stage.entry != nil, seconds: time)
        return results.map(\.value)
    }

    /// Records the results of a stage.
    private mutating func note<Value>(
        _ results: [Staged<Value>], of name: StageName, isCached: Bool, seconds time: Double
    ) {
        HeapMemory.giveBack()
        seconds[name, default: 0] += time
        let kept = results.count { $0.isReused }
        if kept > 0 { reused[name, default: 0] += kept }
        if isCached { reusable[name, default: 0] += results.count }
    }

    /// Runs a stage on which no other depends beside those that follow, in a thread of its own, until `finish`. A
    /// process that does a part of a build runs it at once.
    mutating func begin(_ stage: Stage<Void>) throws -> RunningStage {
        guard assignment.isWhole else {
            try run(stage)
            return RunningStage(done: stage.name)
        }
        let context = self
        return RunningStage(stage.name, now: narrator.now) {
            try context.value(of: stage) { _, _ in }
        }
    }

    /// Waits for a stage that runs beside others.
    /// - Throws: its error.
    mutating func finish(_ running: RunningStage) throws {
        guard let (result, time) = try running.result() else { return }
        narrator.begin(running.name.rawValue)
        narrator.end(running.name.rawValue, time, "")
        note([result], of: running.name, isCached: true, seconds: time)
    }

    /// The result of a stage that has no progress line of its own.
    func value<Value>(of stage: Stage<Value>, progress: @escaping ProgressReport) throws
        -> Staged<Value>
    {
        guard let workspace, var entry = stage.entry else {
            return Staged(value: try stage.make(nil, progress), isReused: false)
        }
        // The processes of a plan have to agree on one result.
        if !assignment.isWhole { entry.unread = { _ in [] } }
        try makePart(of: [stage], progress: progress)
        if case .merge(let merging) = assignment, PlannedStage(stage.name) < merging.stage,
            // Some classifiers need them though nothing said so before.
            stage.name != .textures, !workspace.has(entry)
        {
            throw AtlasError.notMerged(
                stage: PlannedStage(stage.name).rawValue, folder: workspace.folder)
        }
        return try workspace.value(of: entry, reporter) { earlier in
            guard case .merge(let merging) = assignment, let parts = stage.parts,
                let merged = try merging.merged(entry, parts)
            else { return try stage.make(earlier, progress) }
            return merged
        }
    }

    /// If this process makes a part of some stages, makes those parts and ends the build. A stage is left
    /// out if its result is in the workspace.
    ///
    /// Whoever needs several results of one planned stage, one after another, calls this with all of them
    /// before, because a process that has a part of the first cannot go on to the second.
    /// - Throws: `AssignmentDone`; `AtlasError.notMerged` if the result of an earlier stage is missing.
    func makePart<Value>(of stages: [Stage<Value>], progress: @escaping ProgressReport) throws {
        guard case .part(let part) = assignment, let workspace, let name = stages.first?.name
        else { return }
        try assignment.begin(name)
        var isDone = false
        for stage in stages {
            guard let entry = stage.entry, !workspace.has(entry) else { continue }
            guard PlannedStage(stage.name) == part.stage else {
                throw AtlasError.notMerged(
                    stage: PlannedStage(stage.name).rawValue, folder: workspace.folder)
            }
            // Without parts, it is made from other results that have some.
            guard let parts = stage.parts else { continue }
            try part.make(entry, parts, progress: progress)
            isDone = true
        }
        if isDone { throw AssignmentDone() }
    }

    /// Whether the targets of a number of pictures are searched approximately.
    func isApproximate(_ pictures: Int) -> Bool {
        settings.isApproximate && pictures >= approximateFrom
    }

    /// Says that a search is exact though the settings allow an approximate one.
    func warnIfExact(_ pictures: Int) {
        guard settings.isApproximate, !isApproximate(pictures) else { return }
        narrator.warn(
            "look-alikes are searched exactly, because the collection has \(counted(pictures, "picture")); "
                + "the setting \"approximate\" is for \(approximateFrom) and more.")
    }

    /// The likeness models to show: with K-Means and Pairwise on `view` in front.
    mutating func show(_ view: LikenessView) {
        let pair = likenessModels.pair(on: view)
        settings.models = pair + settings.models.dropFirst(2).filter { !pair.contains($0) }
    }

    /// The features that a view compares. A build makes them once.
    mutating func features(
        of pass: LikenessPass, _ catalogue: Catalogue, _ basis: LikenessBasis
    ) -> FeaturesOnce {
        if let known = features[pass.view.id] { return known }
        let made = FeaturesOnce(
            pass, LikenessInput(catalogue, basis, self), now: narrator.now)
        features[pass.view.id] = made
        return made
    }

    /// Drops what stages share of the pictures.
    mutating func forgetPictures() {
        textures = nil
        larger = nil
        features = [:]
    }

    /// Passes on what the workspace says about its entries.
    var reporter: CacheReporter {
        var reporter = CacheReporter(warn: narrator.warn)
        if explains { reporter.explain = narrator.warn }
        return reporter
    }

    /// Counts files that a stage did not have to change.
    /// - Parameter all: number of all files of the stage.
    mutating func note(reused count: Int, of all: Int, in stage: StageName) {
        reused[stage] = count
        reusable[stage] = all
    }

    /// Adds time that belongs to a stage but was spent before the stage began.
    mutating func note(seconds time: Double, in stage: StageName) {
        seconds[stage, default: 0] += time
    }

    /// Seconds by the names that `--json` shows.
    var secondsByName: [String: Double] {
        Dictionary(uniqueKeysWithValues: seconds.map { ($0.rawValue, $1) })
    }

    /// Reusable results by the names that `--json` shows.
    var reusableByName: [String: Int] {
        Dictionary(uniqueKeysWithValues: reusable.map { ($0.rawValue, $1) })
    }

    /// Reused results by the names that `--json` shows.
    var reusedByName: [String: Int] {
        Dictionary(uniqueKeysWithValues: reused.map { ($0.rawValue, $1) })
    }

    /// Reports the progress of one part as progress of all parts.
    private static func progress(
        of work: Int, after before: Int, total: Int, isOnly: Bool, to narrator: Narrator
    ) -> @Sendable (Int, Int) -> Void {
        // With one part the unit of that part is used, so that the rate shown is in pictures.
        if isOnly { return narrator.progress }
        return { done, all in narrator.progress(before + work * done / max(1, all), total) }
    }
}

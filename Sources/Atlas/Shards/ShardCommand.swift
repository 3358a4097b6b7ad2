import Files
import Foundation
import Parallel

extension Run {
    /// Makes the output of a shard, unless it is there.
    /// - Parameters:
    ///   - work: folder of the plan.
    ///   - stage: name of a stage of the plan.
    /// - Throws: `AtlasError`, or the error of the module that failed; `ShardStatus` tells whether another
    ///   try may succeed.
    package func shard(work: String, stage name: String, index: Int) throws -> ShardResult {
        let begin = narrator.now()
        let job = try ShardJob(self, work, stage: name)
        let (plan, stage) = (job.plan, job.stage)
        let shards = plan.shards(of: stage)
        guard (0..<shards).contains(index) else {
            throw AtlasError.noShard(stage: name, index: index, shards: shards)
        }
        let header = try plan.header(stage, index)
        let path = ShardPlan.output(stage, index, in: job.folder)
        func result(_ outcome: ShardResult.Outcome) throws -> ShardResult {
            ShardResult(
                stage: name, index: index, shards: shards, outcome: outcome, plan: header.plan,
                output: path, bytes: try RandomAccessFile(path).size,
                seconds: narrator.now() - begin, threads: workers.count)
        }
        if try PartFile.fault(path, of: header) == nil { return try result(.skip) }
        let writer = try PartWriter(path, header)
        if stage.isDivisible {
            try job.run(
                .part(PartMaking(stage, Share(index: index, count: shards), writer)),
                writing: .none)
        } else {
            try job.run(
                .merge(PartMerging(stage, [], folder: job.folder)), writing: .workspace)
        }
        try writer.finish()
        return try result(.done)
    }

    /// Puts the outputs of all shards of a stage together.
    /// - Parameters:
    ///   - work: folder of the plan.
    ///   - stage: name of a stage of the plan.
    ///   - wait: seconds to wait for outputs whose names appear late on a shared file system.
    /// - Throws: as `shard`; `AtlasError.partsMissing`.
    package func merge(work: String, stage name: String, wait: Double) throws -> ShardMergeResult {
        let begin = narrator.now()
        let job = try ShardJob(self, work, stage: name)
        let (plan, stage) = (job.plan, job.stage)
        let faults = try plan.faults(of: stage, in: job.folder, wait: wait)
        guard faults.isEmpty else {
            throw AtlasError.partsMissing(
                stage: name, parts: faults.map { "\($0.index) is \($0.fault.rawValue)" },
                folder: job.folder)
        }
        var atlas: BuildResult?
        if stage.isDivisible {
            let parts = try (0..<plan.shards(of: stage)).map {
                try PartFile(
                    ShardPlan.output(stage, $0, in: job.folder), of: plan.header(stage, $0),
                    isVerified: true)
            }
            atlas = try job.run(
                .merge(PartMerging(stage, parts, folder: job.folder)),
                writing: stage == PlannedStage.allCases.last ? .all : .workspace)
        }
        return ShardMergeResult(
            stage: name, shards: plan.shards(of: stage), plan: try plan.digest,
            seconds: narrator.now() - begin, images: atlas?.images, pages: atlas?.pages,
            path: atlas?.path)
    }
}

extension ShardPlan {
    /// Outputs of a stage that cannot be used.
    /// - Parameter wait: seconds to wait for those that are missing or short, because names and sizes may
    ///   appear late on a shared file system.
    func faults(of stage: PlannedStage, in folder: String, wait: Double) throws -> [(
        index: Int, fault: PartFile.Fault
    )] {
        let begin = ContinuousClock.now
        var left = Array(0..<shards(of: stage))
        var pause = 0.2
        while true {
            let found = try left.compactMap { index in
                try PartFile.fault(
                    Self.output(stage, index, in: folder), of: header(stage, index)
                ).map { (index: index, fault: $0) }
            }
            let spent = (ContinuousClock.now - begin) / .seconds(1)
            let mayAppear = found.contains { $0.fault == .missing || $0.fault == .short }
            guard mayAppear, spent + pause <= wait else { return found }
            left = found.map(\.index)
            Thread.sleep(forTimeInterval: pause)
            // Listing a folder makes clients of NFS ask for its names again.
            Folders.synchronize("\(folder)/parts/\(stage.rawValue)")
            pause *= 2
        }
    }
}

/// One stage of a plan, for a process that works on it.
private struct ShardJob {
    let plan: ShardPlan
    let stage: PlannedStage
    let folder: String
    private let run: Run

    init(_ run: Run, _ work: String, stage name: String) throws {
        folder = Paths.normalized(
            Paths.absolute(work, in: FileManager.default.currentDirectoryPath))
        plan = try ShardPlan.read(in: folder)
        guard let stage = PlannedStage(rawValue: name) else {
            throw AtlasError.noStage(
                name: name, stages: PlannedStage.allCases.map(\.rawValue))
        }
        self.stage = stage
        self.run = run.seeded(plan.seed)
    }

    /// Runs the build as far as the assignment says.
    /// - Returns: the result of the build if it was done to its end.
    @discardableResult
    func run(_ assignment: Assignment, writing access: PreparedBuild.Access) throws -> BuildResult?
    {
        let begin = run.narrator.now()
        var prepared = try PreparedBuild(run, plan.options, writing: access)
        try plan.compare(with: prepared.key.planInputs)
        prepared.context.assignment = assignment
        prepared.context.trainingThreads = plan.threads
        do {
            let sources = try prepared.siteSources(plan.options)
            return try prepared.atlas(sources, plan.options, since: begin)
        } catch is AssignmentDone {
            return nil
        }
    }
}

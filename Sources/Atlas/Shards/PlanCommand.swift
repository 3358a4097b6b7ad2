import Catalog
import Files
import Foundation
import Parallel
import Site

/// How to plan an atlas for several machines.
package struct PlanOptions: Sendable {
    package var build = BuildOptions()
    /// Folder of the plan, the outputs of shards and the workspace, which all machines share.
    package var work = ""
    /// Largest number of shards of a stage.
    package var shards = 1
    /// Minutes of work that a shard is worth: a stage with less work has fewer shards.
    package var shardMinutes = PlanOptions.standardMinutes
    /// A process needs seconds to read what earlier stages found.
    package static let standardMinutes = 0.1
    /// Largest number of shards if only their minutes are given: as many as an array of Slurm has tasks.
    package static let mostShards = 1_000
    /// Whether a plan that is there is replaced.
    package var replaces = false

    package init() {}
}

extension Run {
    /// Plans an atlas: writes `plan.json` to the folder that all machines share.
    /// - Throws: `AtlasError`, `CatalogError`.
    package func plan(_ options: PlanOptions) throws -> PlanResult {
        let here = FileManager.default.currentDirectoryPath
        let folder = Paths.normalized(Paths.absolute(options.work, in: here))
        let found = try BuildSources(options.build, likeness: likenessModels)
        var build = options.build.absolute(found, in: here)
        build.workspace = folder + "/workspace"
        let prepared = try PreparedBuild(self, build, writing: .none)
        // What an error in a text or template would stop much later.
        _ = try prepared.siteSources(build)
        let (collection, context) = (prepared.collection, prepared.context)
        let estimate = try PlanEstimate(
            of: collection, context.settings, memory: context.memory, workers: workers,
            now: narrator.now)
        let files = collection.entries.count
        let division = ShardPlan.Division(
            most: max(1, min(options.shards, files)), least: 60 * options.shardMinutes)
        let plan = try ShardPlan(
            version: Release.version, options: build, seed: seed, threads: workers.count,
            files: files, inputs: prepared.key.planInputs, division: division,
            stages: PlannedStage.allCases.map {
                .init(
                    name: $0,
                    shards: estimate.shards(of: $0, most: division.most, least: division.least))
            }
        ).write(to: folder, replacing: options.replaces)
        return try PlanResult(plan, folder: folder, estimate)
    }

    /// The plan of a folder, with the outputs of shards that are not there.
    /// - Parameter wait: seconds to wait for outputs whose names appear late on a shared file system.
    package func missing(in work: String, wait: Double = 0) throws -> PlanResult {
        let folder = Paths.normalized(
            Paths.absolute(work, in: FileManager.default.currentDirectoryPath))
        let plan = try ShardPlan.read(in: folder)
        return try PlanResult(plan, folder: folder) { stage in
            try plan.faults(of: stage, in: folder, wait: wait).map(\.index)
        }
    }
}

extension BuildOptions {
    /// The same options with the paths that a build would take, from the root folder on.
    fileprivate func absolute(_ sources: BuildSources, in folder: String) -> BuildOptions {
        func absolute(_ path: String) -> String {
            Paths.normalized(Paths.absolute(path, in: folder))
        }
        var options = self
        options.collections = sources.collections.map(absolute)
        options.content = absolute(sources.content)
        options.templates = absolute(sources.theme.folder)
        options.output = absolute(output)
        options.review = absolute(review)
        options.classifier = sources.settings.networkFile.map(absolute) ?? classifier
        options.kmeans = kmeans.map(absolute)
        options.map = map.map(absolute)
        options.isForced = false
        options.explains = false
        return options
    }
}

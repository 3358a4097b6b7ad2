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
    /// Number of shards of each stage that can be shared.
    package var shards = 1
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
        let files = prepared.collection.entries.count
        let plan = ShardPlan(
            version: Release.version, options: build, seed: seed, threads: workers.count,
            files: files, inputs: prepared.key.planInputs,
            stages: PlannedStage.allCases.map {
                .init(
                    name: $0,
                    shards: $0.isDivisible ? max(1, min(options.shards, files)) : 1)
            })
        try plan.write(to: folder, replacing: options.replaces)
        return try PlanResult(plan, folder: folder)
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

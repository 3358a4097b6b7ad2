// Results of the commands for shards. docs/schema describes them.

import Parallel

/// What `geoatlas plan --print json` prints.
package struct PlanResult: Encodable, Sendable, Equatable {
    /// Digest of the plan.
    package let plan: String
    /// Folder that all machines share.
    package let work: String
    /// Folder of the atlas.
    package let output: String
    /// Number of files of the collection.
    package let files: Int
    /// Bytes that a process needs at most, by an estimate; `nil` without one.
    package let memory: Int?
    package let stages: [Stage]

    package struct Stage: Encodable, Sendable, Equatable {
        package let name: String
        package let shards: Int
        /// Of all shards together on this machine, one after another, by an estimate; `nil` without one.
        package let minutes: Double?
        /// Files of the collection that each shard decodes, from the first to before the second; `nil` for
        /// stages whose shards divide what an earlier stage finds.
        package let ranges: [[Int]]?
        /// Paths of the outputs below the folder, in the order of shards.
        package let outputs: [String]
        /// Shards without a complete output; `nil` if that was not asked.
        package let missing: [Int]?
    }

    /// - Parameter missing: the shards of a stage that have no complete output.
    init(
        _ plan: ShardPlan, folder: String, _ estimate: PlanEstimate? = nil,
        missing: ((PlannedStage) throws -> [Int])? = nil
    ) throws {
        self.plan = try plan.digest
        work = folder
        output = plan.options.output
        files = plan.files
        memory = estimate?.memory
        stages = try plan.stages.map { stage in
            let shares = (0..<stage.shards).map { Share(index: $0, count: stage.shards) }
            return Stage(
                name: stage.name.rawValue, shards: stage.shards,
                minutes: estimate?.seconds[stage.name].map { $0 / 60 },
                ranges: stage.name == .catalogue
                    ? shares.map {
                        let range = $0.range(of: plan.files)
                        return [range.lowerBound, range.upperBound]
                    } : nil,
                outputs: shares.map { ShardPlan.output(stage.name, $0.index, in: ".") },
                missing: try missing?(stage.name))
        }
    }
}

/// What `geoatlas shard` prints.
package struct ShardResult: Encodable, Sendable, Equatable {
    package enum Outcome: String, Encodable, Sendable {
        case done
        /// The output was there already.
        case skip
    }

    package let stage: String
    package let index: Int
    package let shards: Int
    package let outcome: Outcome
    /// Digest of the plan.
    package let plan: String
    package let output: String
    package let bytes: Int
    package let seconds: Double
    package let threads: Int
}

/// What `geoatlas merge` prints.
package struct ShardMergeResult: Encodable, Sendable, Equatable {
    package let stage: String
    package let shards: Int
    package var outcome = ShardResult.Outcome.done
    /// Digest of the plan.
    package let plan: String
    package let seconds: Double
    /// Of the atlas, for its last stage.
    package let images: Int?
    package let pages: Int?
    package let path: String?
}

/// What `geoatlas shard` and `geoatlas merge` print when they fail.
package struct ShardFailure: Encodable, Sendable, Equatable {
    package let stage: String?
    package let index: Int?
    package var outcome = "failed"
    package let error: String
    /// The exit status.
    package let status: Int32

    package init(stage: String?, index: Int?, error: String, status: ShardStatus) {
        self.stage = stage
        self.index = index
        self.error = error
        self.status = status.rawValue
    }
}

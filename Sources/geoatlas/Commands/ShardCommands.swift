import ArgumentParser
import Atlas
import AtlasModel
import Foundation
import Messages

/// The folder that all machines share.
struct SharedFolderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder that all machines share, for the plan, outputs and the workspace.",
            valueName: "folder"))
    var work: String
}

struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plan an atlas for several machines, and print a script for their engine.",
        discussion: """
            Example:
              geoatlas plan rocks.zip --work /shared/rocks --shards 20 --print slurm > submit.sh
              geoatlas plan --work /shared/rocks --missing --print parallel

            The script calls "geoatlas shard" and "geoatlas merge". docs/cluster.md has the details.
            """)

    @OptionGroup var folder: SharedFolderOptions

    @Option(help: ArgumentHelp("Largest number of shards of a stage.", valueName: "n"))
    var shards: Int?

    @Option(
        help: ArgumentHelp(
            "Minutes of work that a shard is worth (default: 0.1).",
            discussion: """
                A stage with less work has fewer shards. The work is estimated by a short measurement on this \
                machine. 0 divides every stage that can be divided into --shards.
                """,
            valueName: "m"))
    var shardMinutes: Double?

    @Option(
        help: ArgumentHelp(
            "What to print: slurm, parallel, make, kubernetes (scripts), or json (the plan).",
            valueName: "engine"))
    var print: String?

    @Flag(help: "Print which shards have no complete output yet.")
    var missing = false

    @Flag(help: "Replace another plan in the folder.")
    var replace = false

    @OptionGroup(title: "Options of the atlas") var atlas: AtlasOptions

    @OptionGroup var work: WorkOptions

    @Flag(help: "No progress on standard error.")
    var quiet = false

    private static let json = "json"

    func validate() throws {
        if let print {
            try require(
                print, oneOf: Engine.allCases.map(\.rawValue) + [Self.json], option: "--print")
        }
        if let shards, !(1...Self.mostShards).contains(shards) {
            throw ValidationError(
                "--shards is \(shards), but has to be 1 to \(Self.mostShards).")
        }
        if let shardMinutes, !(shardMinutes >= 0 && shardMinutes.isFinite) {
            throw ValidationError(
                "--shard-minutes is \(shardMinutes), but has to be a number of minutes, 0 or more.")
        }
    }

    private static let mostShards = 10_000

    func run() throws {
        try withShardStatus(stage: nil, index: nil) {
            let run = Run(
                narrator: console(quiet: quiet), jobs: work.jobs, seed: work.seed)
            var options = PlanOptions()
            options.build = atlas.options
            options.work = folder.work
            options.shards = shards ?? (shardMinutes == nil ? 1 : PlanOptions.mostShards)
            options.shardMinutes = shardMinutes ?? PlanOptions.standardMinutes
            options.replaces = replace
            let plan = try missing ? run.missing(in: folder.work) : run.plan(options)
            if print == Self.json { return try printLine(plan) }
            guard let engine = print.flatMap(Engine.init(rawValue:)) else {
                return Swift.print(harmless(missing ? lacking(plan) : sentence(plan)))
            }
            let script = EngineScript(plan, program: program(for: engine))
            let text = missing ? script.missing(for: engine) : script.text(for: engine)
            FileHandle.standardOutput.write(Data(text.utf8))
        }
    }

    private func sentence(_ plan: PlanResult) -> String {
        let stages = plan.stages.map { stage in
            let minutes = stage.minutes.map { String(format: ", about %.1f minutes in all", $0) }
            return "\(padded(stage.name)) \(counted(stage.shards, "shard"))\(minutes ?? "")"
        }
        let memory = plan.memory.map { "A process needs about \($0 >> 20) MiB of memory." }
        let next = "Next: geoatlas plan with --print slurm, parallel, make or kubernetes."
        let lines = ["Plan \(plan.plan) of \(counted(plan.files, "file")):"] + stages
        return (lines + [memory, next].compactMap(\.self)).joined(separator: "\n")
    }

    private func lacking(_ plan: PlanResult) -> String {
        let lines = plan.stages.compactMap { stage -> String? in
            guard let missing = stage.missing, !missing.isEmpty else { return nil }
            return "\(padded(stage.name)) \(missing.map(String.init).joined(separator: ","))"
        }
        return lines.isEmpty ? "All shards are done." : lines.joined(separator: "\n")
    }

    /// The path of this program; an image has its own.
    private func program(for engine: Engine) -> String {
        engine == .kubernetes ? "geoatlas" : Bundle.main.executablePath ?? "geoatlas"
    }
}

/// What `shard` and `merge` have in common.
struct ShardOptions: ParsableArguments {
    @OptionGroup var folder: SharedFolderOptions

    @Option(help: ArgumentHelp("Stage of the plan.", valueName: "stage"))
    var stage: String

    @Option(
        help: ArgumentHelp("Threads to use (default: what the engine gives).", valueName: "n"))
    var jobs: Int?

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 {
            throw ValidationError("--jobs is \(jobs), but at least one thread is needed.")
        }
    }

    /// The run, with as many threads as the engine gives.
    func run() -> Run {
        Run(narrator: console(quiet: quiet), jobs: jobs ?? ShardEnvironment.own.threads)
    }
}

extension ShardEnvironment {
    /// That of this process.
    fileprivate static var own: ShardEnvironment {
        ShardEnvironment(ProcessInfo.processInfo.environment)
    }
}

struct Shard: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do one shard of a plan.",
        discussion: """
            Example:
              geoatlas shard --work /shared/rocks --stage catalogue --index 3

            Without --index it is SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, PBS_ARRAY_INDEX, SGE_TASK_ID less one, \
            or AWS_BATCH_JOB_ARRAY_INDEX. An output that is there is kept. The exit status is 0 when the output is \
            there, 64 for wrong usage, 65 if another try is useless, and 75 if it may succeed.
            """)

    @OptionGroup var work: ShardOptions

    @Option(help: ArgumentHelp("Number of the shard, from 0.", valueName: "n"))
    var index: Int?

    func run() throws {
        guard let index = try index ?? ShardEnvironment.own.index() else {
            throw ValidationError(
                "Which shard? Give --index, or start it by an engine that sets one of "
                    + "\(ShardEnvironment.indexNames.joined(separator: ", ")).")
        }
        try withShardStatus(stage: work.stage, index: index) {
            try printLine(
                try work.run().shard(work: work.folder.work, stage: work.stage, index: index))
        }
    }
}

struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put the outputs of a stage's shards together.",
        discussion: """
            Example:
              geoatlas merge --work /shared/rocks --stage catalogue

            Outputs that are missing, short, damaged or of another plan are listed, with exit status 75. The merge of \
            the last stage, pages, writes the atlas.
            """)

    @OptionGroup var work: ShardOptions

    @Option(
        help: ArgumentHelp(
            "Seconds to wait for outputs whose names appear late on a shared file system.",
            valueName: "s"))
    var wait = 20.0

    func run() throws {
        try withShardStatus(stage: work.stage, index: nil) {
            try printLine(
                try work.run().merge(work: work.folder.work, stage: work.stage, wait: wait))
        }
    }
}

/// Prints `value` as one line of JSON on standard output, keys sorted.
private func printLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
}

/// Runs a command for shards. After an error it prints one line of JSON and one for people, and ends with
/// a status that tells an engine whether to try again.
private func withShardStatus(stage: String?, index: Int?, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch {
        let status = ShardStatus(after: error)
        if stage != nil {
            try printLine(
                ShardFailure(stage: stage, index: index, error: "\(error)", status: status))
        }
        say("geoatlas: \(error)")
        throw ExitCode(status.rawValue)
    }
}

import Files
import Fingerprint
import Foundation
import Parallel

/// What `geoatlas plan` writes: what the atlas is made from, and the shards of each stage.
///
/// A plan never changes. Its digest names it, and every output of a shard has that name. A process with
/// another program, or for which a file of the collection, a setting or a template differs, refuses the plan.
struct ShardPlan: Codable, Equatable {
    /// Release of the program, for people.
    let version: String
    /// With absolute paths.
    let options: BuildOptions
    let seed: UInt64
    /// Threads of trainings, on which networks depend.
    let threads: Int
    /// Number of files of the collection.
    let files: Int
    /// Digests of all that the atlas is made from, by name.
    let inputs: [String: String]
    /// What decided the number of shards.
    let division: Division
    let stages: [Stage]

    /// How the work is divided.
    struct Division: Codable, Equatable {
        /// Largest number of shards of a stage.
        let most: Int
        /// Seconds of work that a shard is worth, by the estimate of the machine that made the plan.
        let least: Double
    }

    /// A stage and the number of its shards.
    struct Stage: Codable, Equatable {
        let name: PlannedStage
        let shards: Int
    }

    /// Digest of the plan.
    var digest: String { get throws { Fingerprint(of: try json).hex } }

    private var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }

    /// Number of shards of a stage.
    func shards(of stage: PlannedStage) -> Int {
        stages.first { $0.name == stage }?.shards ?? 0
    }

    static func path(in folder: String) -> String { "\(folder)/plan.json" }

    /// Path of the output of a shard.
    static func output(_ stage: PlannedStage, _ index: Int, in folder: String) -> String {
        let digits = String(index)
        return "\(folder)/parts/\(stage.rawValue)/"
            + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".part"
    }

    /// Writes the plan to the folder, unless it is there already. The number of shards may differ between two
    /// plans of the same, because it depends on a measurement; then the first one stays.
    /// - Parameter replaces: whether to replace another plan.
    /// - Returns: the plan of the folder.
    /// - Throws: `AtlasError.otherPlan`, `.fileTrouble`.
    func write(to folder: String, replacing replaces: Bool) throws -> ShardPlan {
        let path = Self.path(in: folder)
        if FileManager.default.fileExists(atPath: path) {
            // A file that is no plan can be replaced too.
            let known = try replaces ? try? Self.read(in: folder) : Self.read(in: folder)
            if let known, divided(as: known) == known { return known }
            guard replaces else { throw AtlasError.otherPlan(folder: folder) }
        }
        do {
            try Folders.make(folder)
            try AtomicFile.write(json, to: path)
        } catch let error as FileError {
            throw AtlasError.fileTrouble(path: path, reason: error.reason + ".")
        }
        return self
    }

    /// The same plan with the shards of another one.
    private func divided(as other: ShardPlan) -> ShardPlan {
        ShardPlan(
            version: version, options: options, seed: seed, threads: threads, files: files,
            inputs: inputs, division: division, stages: other.stages)
    }

    /// Reads the plan of a folder.
    /// - Throws: `AtlasError.noPlan`, `.damagedPlan`.
    static func read(in folder: String) throws -> ShardPlan {
        let path = path(in: folder)
        let bytes: [UInt8]
        do {
            bytes = try RandomAccessFile.content(path)
        } catch {
            throw AtlasError.noPlan(folder: folder, reason: error.reason)
        }
        do {
            return try JSONDecoder().decode(ShardPlan.self, from: Data(bytes))
        } catch {
            throw AtlasError.damagedPlan(path: path)
        }
    }

    /// The header of the output of a shard.
    func header(_ stage: PlannedStage, _ index: Int) throws -> PartFile.Header {
        .init(
            plan: try digest, stage: stage.rawValue, index: index, shards: shards(of: stage))
    }

    /// The first thing that is not as it was when the plan was made.
    /// - Parameter inputs: digests of today, by name.
    /// - Throws: `AtlasError.otherProgram`, `.inputsChanged`.
    func compare(with inputs: [String: String]) throws {
        let changed = Set(self.inputs.keys).union(inputs.keys).filter {
            self.inputs[$0] != inputs[$0]
        }.sorted()
        if changed.contains("program") { throw AtlasError.otherProgram(version: version) }
        guard changed.isEmpty else { throw AtlasError.inputsChanged(names: changed) }
    }
}

extension CacheKey {
    /// Digests of the fields, by name, except the number of threads, which differs between machines.
    var planInputs: [String: String] {
        Dictionary(
            uniqueKeysWithValues: without(["threads"]).fieldDigests.map { ($0.name, $0.digest) })
    }
}

import Foundation

/// What an engine tells a process in its environment.
package struct ShardEnvironment: Sendable {
    private let variables: [String: String]

    /// Variables with the number of the shard, the first that is set counts.
    package static let indexNames = [
        "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "PBS_ARRAY_INDEX", "SGE_TASK_ID",
        "AWS_BATCH_JOB_ARRAY_INDEX",
    ]

    /// The variable of Grid Engine, which counts from 1, and is `undefined` outside of an array.
    private static let countsFromOne = "SGE_TASK_ID"

    package init(_ variables: [String: String]) { self.variables = variables }

    /// The number of the shard, from 0; `nil` if no variable has one.
    /// - Throws: `AtlasError.wrongIndex` for a variable that is no number.
    package func index() throws -> Int? {
        for name in Self.indexNames {
            guard let text = variables[name], !text.isEmpty, text != "undefined" else { continue }
            guard let number = Int(text) else {
                throw AtlasError.wrongIndex(variable: name, value: text)
            }
            return name == Self.countsFromOne ? number - 1 : number
        }
        return nil
    }

    /// The threads that the engine gives: those of Slurm, or the quota of the control group; `nil` without
    /// a limit.
    package var threads: Int? {
        if let text = variables["SLURM_CPUS_PER_TASK"], let count = Int(text), count > 0 {
            return count
        }
        return Self.threads(
            ofQuota: try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8))
    }

    /// The threads of a quota of version 2 of control groups: `200000 100000` is 2 processors.
    /// - Returns: at least 1; `nil` for no quota, `max 100000`.
    static func threads(ofQuota text: String?) -> Int? {
        let words = (text ?? "").split(whereSeparator: \.isWhitespace).map { Int($0) }
        guard words.count == 2, let quota = words[0], let period = words[1], period > 0 else {
            return nil
        }
        return max(1, quota / period)
    }
}

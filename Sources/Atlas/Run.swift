import Parallel

/// One run of a command: where it speaks, how many threads it may use, and its seed.
///
/// The commands are its methods, a file each; every one returns what `--json` prints.
public struct Run: Sendable {
    public let narrator: Narrator
    public let seed: UInt64
    let workers: Workers

    /// - Parameter jobs: threads to use; one a core when `nil`.
    public init(narrator: Narrator, jobs: Int? = nil, seed: UInt64 = 0) {
        self.narrator = narrator
        self.seed = seed
        workers = Workers(jobs)
    }
}

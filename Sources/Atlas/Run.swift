import Parallel
package import Similarity

/// One run of a command: where it reports, how many threads it may use, and its seed.
///
/// Each command is a method, and returns the value that `--json` prints.
package struct Run: Sendable {
    package let narrator: Narrator
    package let seed: UInt64
    /// The likeness models that it knows.
    package let likenessModels: LikenessTable
    let workers: Workers

    /// - Parameter jobs: threads to use; `nil` for one per core.
    package init(
        narrator: Narrator, jobs: Int? = nil, seed: UInt64 = 0,
        likenessModels: LikenessTable = .standard
    ) {
        self.narrator = narrator
        self.seed = seed
        self.likenessModels = likenessModels
        workers = Workers(jobs)
    }
}

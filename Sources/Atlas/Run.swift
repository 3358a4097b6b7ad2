import Parallel
package import Similarity

/// One run of a command: where it reports to, the number of threads, and the seed.
///
/// Each command is a method, and returns the value that `--json` prints.
package struct Run: Sendable {
    package private(set) var narrator: Narrator
    package private(set) var seed: UInt64
    /// The likeness models that the run knows.
    package let likenessModels: LikenessTable
    /// Number of pictures from which targets are searched approximately if the settings allow it.
    let approximateFrom: Int
    let workers: Workers

    /// - Parameters:
    ///   - jobs: number of threads; `nil` for one per core.
    ///   - approximateFrom: exact search of fewer pictures takes a few hours at most.
    package init(
        narrator: Narrator, jobs: Int? = nil, seed: UInt64 = 0,
        likenessModels: LikenessTable = .standard, approximateFrom: Int = 2_000_000
    ) {
        self.narrator = narrator
        self.seed = seed
        self.likenessModels = likenessModels
        self.approximateFrom = approximateFrom
        workers = Workers(jobs)
        HeapMemory.limitPools(to: workers.count)
    }

    /// The same run with another seed.
    func seeded(_ seed: UInt64) -> Run {
        var run = self
        run.seed = seed
        return run
    }

    /// The same run, reported by another narrator.
    func narrated(by narrator: Narrator) -> Run {
        var run = self
        run.narrator = narrator
        return run
    }
}

import Parallel
import Synchronization

/// Shares the writing of many files among workers, and counts the finished ones.
struct PageWork: Sendable {
    private let workers: Workers
    private let steps: Steps

    /// - Parameters:
    ///   - count: number of all files.
    ///   - progress: receives the number of finished files.
    init(of count: Int, workers: Workers, progress: ProgressReport?) {
        self.workers = workers
        steps = Steps(of: count, progress)
    }

    /// Runs `body` for `0..<count`.
    func forEach(_ count: Int, chunk: Int = 1, _ body: @Sendable (Int) throws -> Void) throws {
        try workers.forEachRange(of: count, chunk: chunk) { range in
            for index in range {
                try body(index)
                steps.advance()
            }
        }
    }

    /// Runs `body` for `0..<count`, for files that are made faster than written, with more threads than cores.
    func forEachFile(_ count: Int, chunk: Int, _ body: @Sendable (Int) throws -> Void) throws {
        try workers.forEachWaitingRange(of: count, chunk: chunk) { range in
            for index in range {
                try body(index)
                steps.advance()
            }
        }
    }
}

/// Counts the finished files of several workers.
private final class Steps: Sendable {
    private let done = Atomic<Int>(0)
    private let total: Int
    private let progress: ProgressReport?

    init(of total: Int, _ progress: ProgressReport?) {
        self.total = total
        self.progress = progress
    }

    func advance() {
        let count = done.add(1, ordering: .relaxed).newValue
        // Every hundredth file is enough for a progress bar.
        if count % 100 == 0 || count == total { progress?(count, total) }
    }
}

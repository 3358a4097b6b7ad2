import Synchronization

/// The number of threads that a loop may use.
///
/// Loops are divided into ranges that depend on `chunk` alone, and results are placed by index, so the
/// results never depend on the number of threads.
public struct Workers: Sendable, Equatable {
    /// Number of threads that compute at once, including the caller's; at least 1.
    public let count: Int

    /// Threads for each that computes, in loops that also wait for a disk or a share. On a share, a file takes some
    /// milliseconds of waiting and less than one of computing.
    private static let waitingThreads = 4

    /// - Parameter count: number of threads; `nil` for one thread a core. Less than 1 counts as 1.
    public init(_ count: Int? = nil) {
        self.count = max(1, count ?? Workers.cores)
    }

    /// Calls `body` once for every range of at most `chunk` indices of `0..<total`.
    ///
    /// A total of 5 in chunks of 2 gives the ranges 0..<2, 2..<4 and 4..<5; a total of 0 gives none.
    /// Free threads take the ranges in order, also those of a loop inside a loop. After an error no further range
    /// begins.
    /// - Throws: of the errors that occurred, that of the first range in index order.
    public func forEachRange(
        of total: Int, chunk: Int, _ body: @Sendable (Range<Int>) throws -> Void
    ) throws {
        try run(total, chunk, body, on: .computing, threads: count)
    }

    /// Like `forEachRange`, with more threads than may compute, for a body that writes files: while some threads
    /// wait for a disk or a share, others compute.
    public func forEachWaitingRange(
        of total: Int, chunk: Int, _ body: @Sendable (Range<Int>) throws -> Void
    ) throws {
        try run(total, chunk, body, on: .waiting, threads: count * Self.waitingThreads)
    }

    private func run(
        _ total: Int, _ chunk: Int, _ body: @Sendable (Range<Int>) throws -> Void,
        on helpers: Helpers, threads: Int
    ) throws {
        try withoutActuallyEscaping(body) { body in
            let loop = SharedLoop(of: total, chunk: chunk, body)
            helpers.run(loop, threads: threads)
            try loop.end()
        }
    }

    /// The results of `body` for `0..<total`, in index order: `map(3) { $0 * $0 }` is [0, 1, 4], and
    /// `map(0)` is empty.
    /// - Parameter chunk: number of indices that a thread takes at a time.
    /// - Throws: of the errors that occurred, that of the first chunk in index order.
    public func map<Result: Sendable>(
        _ total: Int, chunk: Int = 1, _ body: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let parts = Mutex<[Int: [Result]]>([:])
        try forEachRange(of: total, chunk: chunk) { range in
            let part = try range.map(body)
            parts.withLock { $0[range.lowerBound] = part }
        }
        return parts.withLock { found in
            found.keys.sorted().flatMap { found[$0, default: []] }
        }
    }

    /// The results of two bodies, which run at the same time if a thread is free.
    /// - Throws: the error of `first`, or else that of `second`.
    public func both<First: Sendable, Second: Sendable>(
        _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
    ) throws -> (First, Second) {
        let results = Mutex<(first: First?, second: Second?)>((nil, nil))
        try forEachRange(of: 2, chunk: 1) { range in
            if range.lowerBound == 0 {
                let result = try first()
                results.withLock { $0.first = result }
            } else {
                let result = try second()
                results.withLock { $0.second = result }
            }
        }
        guard case (let first?, let second?) = results.withLock({ $0 }) else {
            preconditionFailure("a loop without an error has run every range")
        }
        return (first, second)
    }
}

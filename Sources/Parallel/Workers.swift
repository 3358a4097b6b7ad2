import Dispatch
import Synchronization

/// The number of threads that a loop may use.
///
/// Loops are divided into ranges that depend on `chunk` alone, and results are placed by index, so the
/// results never depend on the number of threads.
public struct Workers: Sendable, Equatable {
    /// Number of threads that run at once, including the caller's; at least 1.
    public let count: Int

    /// - Parameter count: number of threads; `nil` for one thread a core. Less than 1 counts as 1.
    public init(_ count: Int? = nil) {
        self.count = max(1, count ?? Workers.cores)
    }

    /// Calls `body` once for every range of at most `chunk` indices of `0..<total`.
    ///
    /// A total of 5 in chunks of 2 gives the ranges 0..<2, 2..<4 and 4..<5; a total of 0 gives none.
    /// Free threads take the ranges in order. After an error no further range begins.
    /// - Throws: of the errors that occurred, that of the first range in index order.
    public func forEachRange(
        of total: Int, chunk: Int, _ body: @Sendable (Range<Int>) throws -> Void
    ) throws {
        precondition(chunk > 0, "a chunk holds at least one index")
        let ranges = (total + chunk - 1) / chunk
        guard ranges > 0 else { return }
        let next = Atomic<Int>(0)
        let failure = Mutex<(index: Int, error: any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: min(count, ranges)) { _ in
            while failure.withLock({ $0 == nil }) {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < ranges else { return }
                do {
                    try body(index * chunk..<min(total, (index + 1) * chunk))
                } catch {
                    failure.withLock { known in
                        if known.map({ index < $0.index }) ?? true { known = (index, error) }
                    }
                }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure.error }
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
}

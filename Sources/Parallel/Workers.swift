import Dispatch
import Synchronization

/// How many threads a loop may use.
///
/// Work is cut into ranges whose bounds depend on the caller's `chunk` alone, and results are
/// placed by index, so what comes out never depends on `count`.
public struct Workers: Sendable, Equatable {
    /// Threads that run at once, the caller's own included; at least 1.
    public let count: Int

    /// - Parameter count: threads to use; the machine's cores when `nil`.
    public init(_ count: Int? = nil) {
        self.count = max(1, count ?? Workers.cores)
    }

    /// Runs `body` once for every range of at most `chunk` indices of `0..<total`.
    ///
    /// Ranges are handed out in order to whichever thread is free. After a throw no new range is
    /// begun, and the error of the first failing range in index order is thrown.
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

    /// The results of `body` for `0..<total`, in index order.
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

import Dispatch
import Foundation
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
    /// Free threads take the ranges in order. After an error no further range begins.
    /// - Throws: of the errors that occurred, that of the first range in index order.
    public func forEachRange(
        of total: Int, chunk: Int, _ body: @Sendable (Range<Int>) throws -> Void
    ) throws {
        let ranges = PendingRanges(of: total, chunk: chunk)
        DispatchQueue.concurrentPerform(iterations: min(count, ranges.count)) { _ in
            ranges.work(body)
        }
        try ranges.throwFailure()
    }

    /// Like `forEachRange`, with more threads than may compute, for a body that writes files: while some threads
    /// wait for a disk or a share, others compute.
    public func forEachWaitingRange(
        of total: Int, chunk: Int, _ body: @Sendable (Range<Int>) throws -> Void
    ) throws {
        let ranges = PendingRanges(of: total, chunk: chunk)
        withoutActuallyEscaping(body) { body in
            let lent = LentBody(body)
            let finished = DispatchGroup()
            // A queue of Dispatch starts no more threads than there are cores.
            for _ in 1..<max(1, min(count * Self.waitingThreads, ranges.count)) {
                finished.enter()
                Thread.detachNewThread {
                    lent.run(ranges)
                    finished.leave()
                }
            }
            ranges.work(body)
            finished.wait()
            lent.takeBack()
        }
        try ranges.throwFailure()
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

/// The ranges of a loop that no thread has taken yet, and the first error.
private final class PendingRanges: Sendable {
    /// Number of all ranges.
    let count: Int
    private let total: Int
    private let chunk: Int
    private let next = Atomic<Int>(0)
    private let hasFailed = Atomic<Bool>(false)
    private let failure = Mutex<(index: Int, error: any Error)?>(nil)

    init(of total: Int, chunk: Int) {
        precondition(chunk > 0, "a chunk holds at least one index")
        count = (total + chunk - 1) / chunk
        self.total = total
        self.chunk = chunk
    }

    /// Takes ranges until none is left or one failed.
    func work(_ body: (Range<Int>) throws -> Void) {
        while !hasFailed.load(ordering: .relaxed) {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do {
                try body(index * chunk..<min(total, (index + 1) * chunk))
            } catch {
                failure.withLock { known in
                    if known.map({ index < $0.index }) ?? true { known = (index, error) }
                }
                hasFailed.store(true, ordering: .relaxed)
            }
        }
    }

    func throwFailure() throws {
        if let failure = failure.withLock({ $0 }) { throw failure.error }
    }
}

/// A closure that threads use until it is taken back. A thread itself may live a moment longer.
private final class LentBody: Sendable {
    private let body: Mutex<(@Sendable (Range<Int>) throws -> Void)?>

    init(_ body: @escaping @Sendable (Range<Int>) throws -> Void) {
        self.body = Mutex(body)
    }

    /// Does not keep the closure after its return, so it must not become part of its caller.
    @inline(never)
    func run(_ ranges: PendingRanges) {
        guard let body = body.withLock({ $0 }) else { return }
        ranges.work(body)
    }

    func takeBack() { body.withLock { $0 = nil } }
}

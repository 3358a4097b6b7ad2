import Synchronization

/// A loop that several threads work on: the ranges that none has taken yet, and the first error. It keeps its body only
/// until `end`, although a thread may keep the loop for a moment longer.
final class SharedLoop: Sendable {
    typealias Body = @Sendable (Range<Int>) throws -> Void

    /// Number of all ranges.
    let count: Int
    private let total: Int
    private let chunk: Int
    private let body: Mutex<Body?>
    private let next = Atomic<Int>(0)
    private let hasFailed = Atomic<Bool>(false)
    private let failure = Mutex<(index: Int, error: any Error)?>(nil)

    init(of total: Int, chunk: Int, _ body: @escaping Body) {
        precondition(chunk > 0, "a chunk holds at least one index")
        count = (total + chunk - 1) / chunk
        self.total = total
        self.chunk = chunk
        self.body = Mutex(body)
    }

    /// Whether a thread would find a range.
    var isOpen: Bool {
        next.load(ordering: .relaxed) < count && !hasFailed.load(ordering: .relaxed)
    }

    /// Takes ranges until none is left or one failed. It does not keep the body after its return, so it must not become
    /// part of its caller.
    @inline(never)
    func work() {
        guard let body = body.withLock({ $0 }) else { return }
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

    /// Gives up the body.
    /// - Throws: of the errors that occurred, that of the first range in index order.
    func end() throws {
        body.withLock { $0 = nil }
        if let failure = failure.withLock({ $0 }) { throw failure.error }
    }
}

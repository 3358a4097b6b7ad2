import Parallel
import Synchronization

/// Counts steps taken by several workers and tells how far they are.
final class Counter: Sendable {
    private let done = Atomic<Int>(0)
    private let total: Int
    private let progress: ProgressReport?

    init(total: Int, _ progress: ProgressReport?) {
        self.total = total
        self.progress = progress
    }

    func step() {
        let count = done.add(1, ordering: .relaxed).newValue
        // Every 64th is enough for a bar.
        if count % 64 == 0 || count == total { progress?(count, total) }
    }
}

package import Parallel
import Synchronization

/// Counts the steps of several workers and reports the progress.
package final class Counter: Sendable {
    private let done = Atomic<Int>(0)
    private let total: Int
    private let progress: ProgressReport?

    package init(total: Int, _ progress: ProgressReport?) {
        self.total = total
        self.progress = progress
    }

    package func step() {
        let count = done.add(1, ordering: .relaxed).newValue
        // Every 64th step is enough for a progress bar.
        if count % 64 == 0 || count == total { progress?(count, total) }
    }
}

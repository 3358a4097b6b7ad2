import Dispatch
import Synchronization

/// Memory that several threads share: each claims what it needs, waits until that much is free, and
/// releases it.
///
/// Claims are granted in the order in which they were made, so a large one is not overtaken by small
/// ones for ever.
///
///     let budget = MemoryBudget(bytes: 100)
///     budget.claim(60)     // true
///     budget.claim(101)    // false: more than there is
///     budget.release(60)
///
/// A thread that holds one claim must not make another from the same budget, because two such threads
/// could wait for each other.
public final class MemoryBudget: Sendable {
    /// The whole memory in bytes.
    public let bytes: Int
    private let state: Mutex<State>

    private struct State {
        var free: Int
        /// Claims that wait, first the oldest.
        var waiting: [(count: Int, granted: DispatchSemaphore)] = []
    }

    /// - Parameter bytes: at least 1.
    public init(bytes: Int) {
        self.bytes = max(1, bytes)
        state = Mutex(State(free: self.bytes))
    }

    /// Waits until `count` bytes are free, and takes them.
    /// - Returns: false, at once, if the budget is smaller than that.
    public func claim(_ count: Int) -> Bool {
        guard count <= bytes else { return false }
        let granted = DispatchSemaphore(value: 0)
        let isFree = state.withLock { state in
            guard state.waiting.isEmpty, state.free >= count else {
                state.waiting.append((count, granted))
                return false
            }
            state.free -= count
            return true
        }
        if !isFree { granted.wait() }
        return true
    }

    /// Gives back `count` bytes that were claimed.
    public func release(_ count: Int) {
        state.withLock { state in
            state.free += count
            while let first = state.waiting.first, first.count <= state.free {
                state.free -= first.count
                state.waiting.removeFirst()
                first.granted.signal()
            }
        }
    }
}

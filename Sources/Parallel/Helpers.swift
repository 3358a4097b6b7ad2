import Dispatch
import Foundation
import Synchronization

/// Threads that help with loops. A free thread takes ranges of whichever loop has some left, the innermost first. A
/// thread that waits for others at the end of its own loop does so too, but only for loops that began after its own:
/// another range of an outer loop would keep it from its own for long. Dispatch gives a loop inside a loop no second
/// thread.
final class Helpers: Sendable {
    /// As many as compute beside their callers.
    static let computing = Helpers()
    /// More than there are cores, for loops that also wait.
    static let waiting = Helpers()

    private struct Entry {
        let loop: SharedLoop
        /// Number of threads that it may still take.
        var places: Int
        /// Number of threads besides the caller's that work on it.
        var active = 0
    }

    private struct State {
        /// Loops that have not ended, outer ones before those inside them.
        var entries: [Entry] = []
        /// Number of threads that only help.
        var threads = 0
        /// What threads that found nothing to do wait for.
        var sleepers: [DispatchSemaphore] = []

        /// To be called after a change that a waiting thread may wait for.
        mutating func wake() {
            for sleeper in sleepers { sleeper.signal() }
            sleepers.removeAll()
        }

        func place(of loop: SharedLoop) -> Int {
            guard let place = entries.lastIndex(where: { $0.loop === loop }) else {
                preconditionFailure("a loop is listed until its end")
            }
            return place
        }
    }

    private enum Finding {
        case loop(SharedLoop)
        case nothing(DispatchSemaphore)
        /// The awaited loop has ended.
        case end
    }

    private let state = Mutex(State())

    /// Runs a loop until no range is left, in this thread and in those that are free.
    /// - Parameter threads: the most threads, with this one.
    func run(_ loop: SharedLoop, threads: Int) {
        let helpers = min(threads, loop.count) - 1
        guard helpers > 0 else { return loop.work() }
        let missing = state.withLock { state in
            state.entries.append(Entry(loop: loop, places: helpers))
            let missing = max(0, helpers - state.threads)
            state.threads += missing
            state.wake()
            return missing
        }
        for _ in 0..<missing { Thread.detachNewThread { self.help(untilEndOf: nil) } }
        loop.work()
        help(untilEndOf: loop)
    }

    /// Works on loops until no other thread works on an own one that has no range left, or for ever.
    private func help(untilEndOf own: SharedLoop?) {
        while true {
            switch next(untilEndOf: own) {
            case .loop(let loop):
                loop.work()
                state.withLock { state in
                    state.entries[state.place(of: loop)].active -= 1
                    state.wake()
                }
            case .nothing(let change): change.wait()
            case .end: return
            }
        }
    }

    private func next(untilEndOf own: SharedLoop?) -> Finding {
        state.withLock { state in
            var first = 0
            if let own {
                let place = state.place(of: own)
                if state.entries[place].active == 0 {
                    state.entries.remove(at: place)
                    return .end
                }
                first = place + 1
            }
            let open = state.entries[first...].lastIndex { $0.places > 0 && $0.loop.isOpen }
            if let open {
                state.entries[open].places -= 1
                state.entries[open].active += 1
                return .loop(state.entries[open].loop)
            }
            let change = DispatchSemaphore(value: 0)
            state.sleepers.append(change)
            return .nothing(change)
        }
    }
}

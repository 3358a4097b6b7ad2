import Dispatch
import Foundation
import Synchronization

/// A stage that runs in a thread of its own, beside the stages after it, or that has run already.
final class RunningStage: Sendable {
    let name: StageName
    private let outcome = Mutex<Outcome?>(nil)
    private let end = DispatchGroup()

    /// Whether the result was reused, or the error.
    private typealias Outcome = (isReused: Result<Bool, any Error>, seconds: Double)

    /// A stage that has run already.
    init(done name: StageName) { self.name = name }

    /// Starts a stage.
    /// - Parameter now: seconds on a monotonic clock.
    init(
        _ name: StageName, now: @escaping @Sendable () -> Double,
        work: @escaping () throws -> Staged<Void>
    ) {
        self.name = name
        end.enter()
        // The closures of a stage are not marked as sendable. What they refer to is not changed while stages run.
        nonisolated(unsafe) let work = work
        Thread.detachNewThread { [self] in
            let begin = now()
            let isReused = Result { try work().isReused }
            outcome.withLock { $0 = (isReused, now() - begin) }
            end.leave()
        }
    }

    /// Waits for the end.
    func wait() { end.wait() }

    /// Waits for the result and its seconds; `nil` for a stage that had run already.
    /// - Throws: the error of the stage.
    func result() throws -> (result: Staged<Void>, seconds: Double)? {
        wait()
        guard let (isReused, seconds) = outcome.withLock({ $0 }) else { return nil }
        return (Staged(value: (), isReused: try isReused.get()), seconds)
    }
}

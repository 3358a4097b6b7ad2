import Dispatch
import Synchronization

/// Keeps a lock alive while its owner works, and notices when somebody has taken it.
final class Heartbeat: Sendable {
    private struct State {
        var confirmed: ContinuousClock.Instant
        var lost = false
    }

    private let file: LockFile
    private let line: String
    private let limit: Duration
    private let interruption: Interruption
    private let state: Mutex<State>

    /// Runs `body` while signs of life are added to the lock from another thread.
    static func keep<Value>(
        _ file: LockFile, line: String, times: LockTimes, interruption: Interruption,
        _ body: (Heartbeat) throws -> Value
    ) throws -> Value {
        let heartbeat = Heartbeat(file, line, times, interruption)
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "heartbeat"))
        let seconds = times.renewal / .seconds(1)
        timer.schedule(deadline: .now() + seconds, repeating: seconds)
        timer.setEventHandler { heartbeat.beat() }
        timer.resume()
        defer { timer.cancel() }
        do {
            return try body(heartbeat)
        } catch PublishingError.interrupted where heartbeat.state.withLock(\.lost) {
            throw PublishingError.lockLost(lock: file.name)
        }
    }

    private init(
        _ file: LockFile, _ line: String, _ times: LockTimes, _ interruption: Interruption
    ) {
        self.file = file
        self.line = line
        self.interruption = interruption
        limit = times.renewal * 2
        state = Mutex(State(confirmed: ContinuousClock().now))
    }

    /// Checks before a change that the lock is still held. It asks only if the last sign of life is
    /// old, for example after the machine was asleep.
    /// - Throws: `PublishingError.lockLost`, `.interrupted`.
    func confirm() throws {
        let now = ContinuousClock().now
        if state.withLock({ now - $0.confirmed > limit }) { beat() }
        if state.withLock(\.lost) { throw PublishingError.lockLost(lock: file.name) }
        try interruption.check()
    }

    private func beat() {
        switch file.renew(line) {
        case .mine: state.withLock { $0.confirmed = ContinuousClock().now }
        case .lost:
            state.withLock { $0.lost = true }
            // A program that is copying must end too.
            interruption.stop()
        case .unknown: break
        }
    }
}

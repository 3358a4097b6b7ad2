import Foundation
import Synchronization

/// The number of the signal that asked this process to end, 0 for none; and the process that gets
/// the signal too, 0 for none. A signal handler may use only such values.
private let received = Atomic<Int32>(0)
private let child = Atomic<Int32>(0)

/// Handles Ctrl-C and requests to end while a destination is being changed. The signal is passed to
/// a child process, so that this process can then release its locks and files.
struct Interruption: Sendable {
    /// Named in the error.
    let destination: String

    /// Whether the process received a request to end.
    var happened: Bool { received.load(ordering: .sequentiallyConsistent) != 0 }

    /// Runs `body`, which must call `check` often. One at a time in a process.
    static func watch<Value>(
        destination: String, _ body: (Interruption) throws -> Value
    ) rethrows -> Value {
        received.store(0, ordering: .sequentiallyConsistent)
        let earlier = [SIGINT, SIGTERM, SIGHUP].map { number in
            (number, signal(number) { pass($0) })
        }
        // Writing to a child that has ended then gives an error.
        let pipe = signal(SIGPIPE, SIG_IGN)
        defer {
            signal(SIGPIPE, pipe)
            for (number, handler) in earlier { signal(number, handler) }
        }
        return try body(Interruption(destination: destination))
    }

    /// - Throws: `PublishingError.interrupted`.
    func check() throws {
        if happened { throw PublishingError.interrupted(destination: destination) }
    }

    /// Waits, but not longer than until a request to end.
    /// - Throws: `PublishingError.interrupted`.
    func pause(_ duration: Duration) throws {
        let clock = ContinuousClock()
        let end = clock.now + duration
        while true {
            try check()
            let rest = end - clock.now
            guard rest > .zero else { return }
            usleep(UInt32(min(rest, .milliseconds(100)) / .microseconds(1)))
        }
    }

    /// The child that receives signals from now on; `nil` when it has ended.
    func adopt(_ process: pid_t?) {
        child.store(process ?? 0, ordering: .sequentiallyConsistent)
        if happened, let process { kill(process, SIGTERM) }
    }

    /// Acts as if a request to end had come.
    func stop() { pass(SIGTERM) }
}

private func pass(_ number: Int32) {
    received.store(number, ordering: .sequentiallyConsistent)
    let process = child.load(ordering: .sequentiallyConsistent)
    if process > 0 { kill(process, number) }
}

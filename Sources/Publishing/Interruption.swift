import Dispatch
import Foundation
import Synchronization

/// Handles Ctrl-C and requests to end while a child process works. The signal is passed to the
/// child, so that this process can then release its locks and files.
final class Interruption: Sendable {
    private struct State {
        var happened = false
        var child: pid_t?
    }

    private let state = Mutex(State())

    /// Whether the process received a request to end.
    var happened: Bool { state.withLock(\.happened) }

    /// Runs `body`, which must check `happened` after each child.
    static func watch<Value>(_ body: (Interruption) throws -> Value) rethrows -> Value {
        let interruption = Interruption()
        let queue = DispatchQueue(label: "interruption")
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // Only the dispatch source may handle the signal; the default action would end the
            // process.
            let earlier = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { interruption.pass(number) }
            source.resume()
            return (number, earlier, source)
        }
        defer {
            for (number, earlier, source) in sources {
                source.cancel()
                signal(number, earlier)
            }
        }
        return try body(interruption)
    }

    /// The child that receives signals from now on; `nil` when it has ended.
    func adopt(_ child: pid_t?) {
        state.withLock {
            $0.child = child
            if $0.happened, let child { kill(child, SIGTERM) }
        }
    }

    private func pass(_ number: Int32) {
        state.withLock {
            $0.happened = true
            if let child = $0.child { kill(child, number) }
        }
    }
}

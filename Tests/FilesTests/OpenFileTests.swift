import Files
import Foundation
import Synchronization
import Testing

/// Signals that interrupt system calls, like those that a timer of another library sends.
private enum Interruptions {
    static let count = Atomic<Int>(0)

    /// Lets `SIGUSR1` interrupt calls instead of restarting them.
    static func enable() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            Interruptions.count.add(1, ordering: .relaxed)
        }
        action.sa_flags = 0
        sigaction(SIGUSR1, &action, nil)
    }

    /// Unblocks the signal in this thread. The threads of the test runner block all signals, and
    /// threads that they start inherit that.
    static func allow() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}

@Suite(.serialized) struct OpenFileTests {
    /// The writer blocks in a full pipe. The reader empties it in small pieces and sends a signal
    /// before each, so that the write ends early, with a part of the bytes or with EINTR.
    @Test func `A write that signals interrupt is taken up again until every byte is written`()
        throws
    {
        Interruptions.enable()
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

        let outcome = Mutex<Result<Void, any Error>?>(nil)
        let writer = Mutex<pthread_t?>(nil)
        let thread = Thread {
            Interruptions.allow()
            writer.withLock { $0 = pthread_self() }
            let result = Result { try OpenFile.write(bytes, to: writing, path: "pipe") }
            // A signal must not be sent to a thread that has ended.
            writer.withLock { $0 = nil }
            close(writing)
            outcome.withLock { $0 = result }
        }
        thread.start()
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 5_000)
        while true {
            writer.withLock { if let thread = $0 { _ = pthread_kill(thread, SIGUSR1) } }
            let count = read(reading, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            received += piece[..<count]
        }
        // Compared as a whole, because a list of the differences would take minutes.
        #expect(received.count == bytes.count && received.elementsEqual(bytes))
        #expect(Interruptions.count.load(ordering: .relaxed) > 0)
    }

    @Test func `A pipe without a reader is an error`() throws {
        let earlier = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, earlier) }
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        #expect(throws: FileError(.write, path: "pipe", number: EPIPE)) {
            try OpenFile.write([1], to: ends[1], path: "pipe")
        }
    }

    @Test func `A new file is made once`() throws {
        try withFolder { folder in
            let path = folder + "/lock"
            try NewFile.make(path, Array("mine".utf8))
            #expect(throws: FileError(.open, path: path, number: EEXIST)) {
                try NewFile.make(path, Array("yours".utf8))
            }
            #expect(try content(path) == Array("mine".utf8))
        }
    }
}

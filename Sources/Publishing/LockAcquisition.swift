import Foundation

/// Gets the lock of a destination, or says who has it.
struct LockAcquisition {
    let file: LockFile
    let times: LockTimes
    /// Whether the lock of a publisher on another machine is taken away.
    let breaking: Bool
    let interruption: Interruption

    /// Creates the lock.
    ///
    /// A lock is taken over at once if its owner was a process of this machine that has ended. If
    /// that cannot be known, the lock is watched: as long as its owner lives, signs of life are
    /// added to it. The lock of a silent owner is taken over if it was a process of this machine,
    /// before a restart, or if it did not live to write its name; otherwise only with `breaking`.
    /// - Returns: the line of the lock.
    /// - Throws: `PublishingError.locked`.
    func lock() throws -> String {
        let line = LockRecord.own(overSSH: file.isOverSSH)
        // Each round ends with the lock, an error, or a change that somebody else made to it.
        while true {
            // The second look is for a publisher that was stopped between making the file and writing
            // its line, for so long that another one took the empty lock away.
            if try file.make(line), try file.text().map(LockRecord.firstLine) == line {
                return line
            }
            guard let text = try file.text() else { continue }
            let record = LockRecord(text)
            if let record, let ended = record.hasEnded() {
                guard ended else {
                    throw locked(.running(host: record.host, process: record.process))
                }
                if record.isOverSSH {
                    guard try isSilent(text, for: times.farewell) else { continue }
                }
            } else if !breaking {
                guard try isSilent(text, for: times.silence) else { continue }
                // An empty lock is that of a publisher that was stopped before it wrote its line.
                guard record?.isOfThisHost ?? text.isEmpty else { throw locked(.silent(record)) }
            }
            _ = try file.takeAway(record?.line ?? LockRecord.firstLine(of: text))
        }
    }

    /// Watches a lock until its owner gives a sign of life, or has been silent for some time.
    /// - Returns: `false` when the lock has another owner now, or none.
    /// - Throws: `PublishingError.locked` when the owner lives.
    private func isSilent(_ text: String, for time: Duration) throws -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + time
        let line = LockRecord.firstLine(of: text)
        while clock.now < end {
            try interruption.pause(times.look)
            guard let now = try file.text(), LockRecord.firstLine(of: now) == line else {
                return false
            }
            if now != text, let record = LockRecord(now), record.hasEnded() != true {
                throw locked(.alive(record))
            }
        }
        return true
    }

    private func locked(_ holder: LockHolder) -> PublishingError {
        .locked(lock: file.name, holder: holder)
    }
}

extension LockHolder {
    fileprivate static func silent(_ record: LockRecord?) -> LockHolder {
        record.map { .silent(host: $0.host, process: $0.process, started: $0.started) } ?? .unknown
    }

    fileprivate static func alive(_ record: LockRecord) -> LockHolder {
        .alive(host: record.host, process: record.process)
    }
}

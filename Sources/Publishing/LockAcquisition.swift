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
    /// before a restart; otherwise only with `breaking`.
    /// - Returns: the line of the lock.
    /// - Throws: `PublishingError.locked`.
    func lock() throws -> String {
        let line = LockRecord.own()
        // Each round ends with the lock, an error, or a change that somebody else made to it.
        while true {
            if try file.make(line) { return line }
            guard let text = try file.text() else { continue }
            let record = LockRecord(text)
            if let record, let ended = record.hasEnded() {
                guard ended else {
                    throw locked(.running(host: record.host, process: record.process))
                }
            } else if !breaking {
                guard try isSilent(text) else { continue }
                guard let record, record.isOfThisHost else { throw locked(.silent(record)) }
            }
            _ = try file.takeAway(record?.line ?? LockRecord.firstLine(of: text))
        }
    }

    /// Watches a lock until its owner gives a sign of life, or has been silent for too long.
    /// - Returns: `false` when the lock has another owner now, or none.
    /// - Throws: `PublishingError.locked` when the owner lives.
    private func isSilent(_ text: String) throws -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + times.silence
        let line = LockRecord.firstLine(of: text)
        while clock.now < end {
            try interruption.pause(times.look)
            guard let now = try file.text(), LockRecord.firstLine(of: now) == line else {
                return false
            }
            if now != text, let record = LockRecord(now) { throw locked(.alive(record)) }
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

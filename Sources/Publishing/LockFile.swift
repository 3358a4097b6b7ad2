/// The lock of a destination as a file, on this machine or on another one.
struct LockFile: Sendable {
    enum Ownership { case mine, lost, unknown }

    /// Path or address, for messages.
    let name: String
    let isOverSSH: Bool
    /// Creates the file with a line, unless it exists (`false`).
    let make: @Sendable (_ line: String) throws -> Bool
    /// The content; `nil` when there is no such file.
    let text: @Sendable () throws -> String?
    /// Takes the file away if it has this line. Of several publishers that try, one gets `true`.
    let takeAway: @Sendable (_ line: String) throws -> Bool
    /// Adds a sign of life to the file if it has this line.
    let renew: @Sendable (_ line: String) -> Ownership
}

/// Times of a lock. They are measured with the clock of one process, because the clocks of two
/// machines may differ by hours.
struct LockTimes {
    /// Between two signs of life.
    var renewal = Duration.seconds(5)
    /// An owner without a sign of life for so long is reported as silent.
    var silence = Duration.seconds(20)
    /// The shell on the machine of a destination removes the lock of a publisher whose connection
    /// ended within this time. Until then, rsync may still be writing there.
    var farewell = Duration.seconds(10)
    /// Between two looks at the lock of another publisher.
    var look = Duration.milliseconds(250)
}

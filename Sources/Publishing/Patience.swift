import Foundation

/// Repeats an operation on a file that somebody holds open, with growing pauses.
///
/// Windows and many file servers refuse to replace or remove an open file. A browser or a virus
/// scanner closes it soon.
struct Patience {
    /// Together about ten seconds.
    var pauses: [Duration] = [50, 100, 200, 400, 800, 1600, 3200, 3600].map { .milliseconds($0) }

    /// - Parameter operation: returns 0, or the number of its error.
    /// - Returns: 0, or the number of the last error.
    /// - Throws: what `pause` throws.
    func insist(
        _ operation: () -> Int32, pause: (Duration) throws -> Void
    ) rethrows -> Int32 {
        var number = operation()
        for duration in pauses where Self.mayPass(number) {
            try pause(duration)
            number = operation()
        }
        return number
    }

    /// Whether an error may mean that somebody holds the file open. File servers report that as
    /// EACCES or EPERM too.
    static func mayPass(_ number: Int32) -> Bool {
        [EBUSY, ETXTBSY, EACCES, EPERM].contains(number)
    }
}

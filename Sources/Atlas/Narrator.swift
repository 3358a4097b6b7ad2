package import Foundation

/// Receives the progress and the notes of a command. The program prints them; tests collect them.
package struct Narrator: Sendable {
    /// A stage begins. Its name is shown to the user.
    package let begin: @Sendable (_ stage: String) -> Void
    /// The progress of the stage, in the stage's own unit. May be called from any thread.
    package let progress: @Sendable (_ done: Int, _ total: Int) -> Void
    /// The stage is done; `remark` is about its result, e.g. `26,398 pictures`.
    package let end: @Sendable (_ stage: String, _ seconds: Double, _ remark: String) -> Void
    /// A note: something that the user should know but that stops nothing.
    package let warn: @Sendable (String) -> Void
    /// Seconds on a monotonic clock.
    package let now: @Sendable () -> Double
    /// The time of day, for the list of editions.
    package let date: @Sendable () -> Date

    package init(
        begin: @escaping @Sendable (String) -> Void,
        progress: @escaping @Sendable (Int, Int) -> Void,
        end: @escaping @Sendable (String, Double, String) -> Void,
        warn: @escaping @Sendable (String) -> Void,
        now: @escaping @Sendable () -> Double,
        date: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.begin = begin
        self.progress = progress
        self.end = end
        self.warn = warn
        self.now = now
        self.date = date
    }

    /// Reports nothing and measures no time.
    package static let silent = Narrator(
        begin: { _ in }, progress: { _, _ in }, end: { _, _, _ in }, warn: { _ in }, now: { 0 })

    /// Reports notes only.
    var withoutStages: Narrator {
        Narrator(
            begin: { _ in }, progress: { _, _ in }, end: { _, _, _ in }, warn: warn, now: now)
    }

    /// Runs `work` as the stage `name`.
    /// - Parameter remark: makes the remark about the result.
    /// - Returns: the result, and the seconds that it took.
    func stage<Value>(
        _ name: String, remark: (Value) -> String = { _ in "" }, work: () throws -> Value
    ) rethrows -> (value: Value, seconds: Double) {
        begin(name)
        let start = now()
        let value = try work()
        let seconds = now() - start
        end(name, seconds, remark(value))
        return (value, seconds)
    }
}

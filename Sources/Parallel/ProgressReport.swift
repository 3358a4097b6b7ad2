/// Receives the progress of a long stage as `(done, total)` in the stage's own unit.
///
/// May be called from any thread, so it must be fast.
public typealias ProgressReport = @Sendable (_ done: Int, _ total: Int) -> Void

/// Where a long stage says how far it is: `(done, total)` in the stage's own unit.
///
/// May be called from any thread; what it does must be cheap.
public typealias ProgressReport = @Sendable (_ done: Int, _ total: Int) -> Void

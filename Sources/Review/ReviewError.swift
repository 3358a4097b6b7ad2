/// Why a trial or its votes could not be read or written.
package enum ReviewError: Error, Equatable, CustomStringConvertible {
    case damaged(path: String, reason: String)
    case halfMissing(path: String, other: String)
    case otherTrial(path: String, trial: String, other: String, otherTrial: String)
    case trialRunning(path: String)
    case noTrial(folder: String)
    case closedAlready(path: String)
    case noKey(path: String)
    case noFolder(path: String)
    case mergeRunning(folder: String)
    case unreadable(path: String, reason: String)
    case notWritten(path: String, reason: String)

    /// The remedy when a file of a running trial was changed.
    private static let restore =
        "Put plan.json and key.json back from a backup, or end the trial with "
        + "\"geoatlas votes close\"; its votes stay."

    package var description: String {
        switch self {
        case .damaged(let path, let reason):
            "\(path) is damaged: \(reason). \(Self.restore)"
        case .halfMissing(let path, let other):
            "\(path) is missing, but \(other) of the same trial is there. \(Self.restore)"
        case .otherTrial(let path, let trial, let other, let otherTrial):
            "\(path) belongs to the trial \(trial), but \(other) to the trial \(otherTrial). "
                + Self.restore
        case .trialRunning(let path):
            "\(path) belongs to a running trial and is not replaced. "
                + "End that one first with \"geoatlas votes close\"."
        case .noTrial(let folder):
            "No trial is running in \(folder): it has neither plan.json nor key.json. "
                + "\"geoatlas build\" begins one; name another folder with --review."
        case .closedAlready(let path):
            "\(path) exists already, so the trial cannot be moved there. Move that file elsewhere first."
        case .noKey(let path):
            "\(path) does not exist. Give the trial's key.json with --key; "
                + "that of a closed trial lies in the review folder under closed/."
        case .noFolder(let path):
            "\(path) is no folder. Give the folder that \"geoatlas votes merge --into\" filled."
        case .mergeRunning(let folder):
            "Another merge into \(folder) is running. Wait until it has ended, and merge again."
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)). Check that you may open it."
        case .notWritten(let path, let reason):
            "\(path) could not be written: \(reason). What was there before is unharmed. "
                + "Check that the folder may be written to and has room, and try again."
        }
    }
}

import Files

/// The result of `body`, which writes `path`; a failure becomes `ReviewError.notWritten`.
func writing<Result>(
    _ path: String, _ body: () throws(FileError) -> Result
) throws(ReviewError) -> Result {
    do {
        return try body()
    } catch {
        throw .notWritten(path: path, reason: error.reason)
    }
}

import Files

/// All files below `folder`, except reviewers' votes. Links and devices are included.
/// - Returns: paths relative to `folder`, in no order.
/// - Throws: `PublishingError.notAFolder`, `.unreadable`.
package func atlasFiles(in folder: String) throws -> [String] {
    guard Folders.contain(folder) else { throw PublishingError.notAFolder(path: folder) }
    return try reading { () throws(FileError) in
        try Folders.files(below: folder) { $0 != Leftover.votes }
    }
}

/// The result of `body`, which reads files; a failure becomes `PublishingError.unreadable`.
func reading<Result>(
    _ body: () throws(FileError) -> Result
) throws(PublishingError) -> Result {
    do {
        return try body()
    } catch {
        throw .unreadable(path: error.path, reason: error.reason)
    }
}

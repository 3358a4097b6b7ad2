/// Why a whole archive could not be opened.
package enum ArchiveError: Error, Equatable, Sendable {
    /// `reason` is the system's, without a full stop.
    case unreadable(reason: String)
    /// There is nothing of a zip archive in the file.
    case notAnArchive
    /// The end is missing. `whole` files at the beginning are complete; `next` is the file after
    /// them.
    case cutShort(whole: Int, next: String?)
    /// One of several files that together are an archive.
    case split
    /// The directory is encrypted or compressed.
    case hiddenDirectory
    /// The directory is not where the end of the archive says.
    case noDirectory
}

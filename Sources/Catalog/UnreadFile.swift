import Files
import Foundation

/// A file of a collection that the system did not give, although the listing names it.
///
/// It may be there the next time, and its size and times do not tell. So a later build tries again.
package struct UnreadFile: Sendable, Equatable {
    package let path: String
    /// The message of the system.
    package let reason: String

    /// Whether the disk or the network failed, and not the right to read the file.
    package var isPassing: Bool { Self.passing.contains(reason) }

    private static let passing = Set(
        [
            EIO, ESTALE, ETIMEDOUT, EAGAIN, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH,
            ECONNRESET, ENOTCONN, ENOBUFS, EMFILE, ENFILE,
        ].map(systemReason))
}

extension Readings {
    /// The files that could not be read, in the order of entries.
    package var unread: [UnreadFile] {
        zip(files, entries).compactMap { file, entry in
            guard case .unusable(.unreadableFile(let reason)) = entry else { return nil }
            return UnreadFile(path: file.path, reason: reason)
        }
    }
}

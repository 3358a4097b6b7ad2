import Files
import Foundation

/// An open file that the preview sends. Its size and time are those of the content that is sent,
/// even if another file gets its name meanwhile.
final class PreviewFile: Sendable {
    /// Why the rest of a file could not be sent.
    enum Failure: Error, Equatable {
        /// The file has become shorter since it was opened.
        case truncated
        case unreadable(reason: String)
    }

    private let descriptor: Int32
    /// In bytes.
    let size: Int
    /// When the content was last changed, in whole seconds since 1970.
    let modified: Int
    /// Identifies the content: two different contents of a file have different marks, because a
    /// change of content changes the time (in nanoseconds), the inode or the size.
    let mark: String

    /// - Returns: `nil` when there is no regular file at `path`, or it may not be read.
    init?(_ path: String) {
        // Without O_NONBLOCK, opening a named pipe waits until another process writes to it.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        size = Int(facts.st_size)
        modified = facts.st_mtim.tv_sec
        let numbers = [
            UInt64(facts.st_ino), UInt64(bitPattern: Int64(facts.st_size)),
            UInt64(bitPattern: Int64(facts.st_mtim.tv_sec)),
            UInt64(bitPattern: Int64(facts.st_mtim.tv_nsec)),
        ]
        mark = numbers.map { String($0, radix: 16) }.joined(separator: "-")
    }

    deinit { close(descriptor) }

    /// Exactly the bytes of `range`.
    /// - Throws: `Failure`.
    func bytes(_ range: Range<Int>) throws(Failure) -> [UInt8] {
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let rest = UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[count..<range.count]))
                let read = pread(
                    descriptor, rest.baseAddress, rest.count, range.lowerBound + count)
                if read < 0, errno == EINTR { continue }
                if read < 0 { number = errno }
                if read <= 0 { break }
                count += read
            }
        }
        if number != 0 { throw .unreadable(reason: systemReason(number)) }
        guard bytes.count == range.count else { throw .truncated }
        return bytes
    }
}

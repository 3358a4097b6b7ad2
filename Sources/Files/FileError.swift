import Foundation

/// Why an operation on a file failed: the operation, the path, and the system's error number.
///
/// Callers write their own sentences around `reason`, the message of the system.
///
///     FileError(.open, path: "/etc/shadow", number: EACCES).reason  // "Permission denied"
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Operation: String, Sendable {
        case open, read, write, rename, lock
        case list = "list the files in"
        case makeFolder = "make the folder"
    }

    package let operation: Operation
    /// As the caller wrote it.
    package let path: String
    /// The system's error number (`errno`).
    package let number: Int32

    package init(_ operation: Operation, path: String, number: Int32) {
        self.operation = operation
        self.path = path
        self.number = number
    }

    /// The system's message for the error number; that of a file that is no regular file has words of its
    /// own (`RandomAccessFile`).
    package var reason: String {
        operation == .open && number == EINVAL ? "it is not a regular file" : systemReason(number)
    }

    package var description: String { "cannot \(operation.rawValue) \(path): \(reason)" }
}

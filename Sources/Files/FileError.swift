/// Why an operation on a file failed: what was tried, on which path, and the system's error number.
///
/// Callers make their own sentences of it; `reason` is the system's part of them.
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

    /// The system's words for the error number.
    package var reason: String { systemReason(number) }

    package var description: String { "cannot \(operation.rawValue) \(path): \(reason)" }
}

import Foundation
import SystemPackage

/// The result of `body`, which calls swift-system; its errors get the operation and the path.
func calling<Result>(
    _ operation: FileError.Operation, _ path: String, _ body: () throws -> Result
) throws(FileError) -> Result {
    do {
        return try body()
    } catch let error as Errno {
        throw FileError(operation, path: path, number: error.rawValue)
    } catch {
        preconditionFailure("swift-system throws nothing but error numbers: \(error)")
    }
}

/// Opens a file; the descriptor is not passed on to child processes.
/// - Parameter path: may not hold a zero byte, at which C would cut it.
func opened(
    _ path: String, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions,
    permissions: FilePermissions? = nil
) throws(FileError) -> FileDescriptor {
    guard !path.utf8.contains(0) else {
        throw FileError(.open, path: path, number: EINVAL)
    }
    return try calling(.open, path) {
        try FileDescriptor.open(
            FilePath(path), mode, options: options.union(.closeOnExec), permissions: permissions)
    }
}

/// Closes a descriptor whose content is of no more interest, so that a failure says nothing.
func dropped(_ descriptor: FileDescriptor) { _ = Foundation.close(descriptor.rawValue) }

/// What the system knows of the file that `path` leads to; `nil` when there is none, or it cannot be
/// looked at.
func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
}

extension stat {
    var kind: mode_t { st_mode & S_IFMT }
}

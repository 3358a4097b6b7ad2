import Foundation
import SystemPackage

/// The result of `body`, which calls swift-system. The operation and the path are added to its
/// errors.
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

/// Opens a file. Child processes do not inherit the descriptor.
/// - Parameter path: must not contain a zero byte, which would end it in C.
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

/// Closes a descriptor whose content is no longer needed, so a failure can be ignored.
func dropped(_ descriptor: FileDescriptor) { _ = Foundation.close(descriptor.rawValue) }

/// The system's facts about the file at `path`; `nil` when it does not exist or cannot be examined.
func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
}

extension stat {
    var kind: mode_t { st_mode & S_IFMT }
}

import Foundation
import SystemPackage

/// The system's message for an error number, without a full stop.
///
///     systemReason(ENOENT)  // "No such file or directory"
package func systemReason(_ number: Int32) -> String { Errno(rawValue: number).description }

/// The system's message for an error of this module or of Foundation, without a full stop.
///
/// For a Foundation error without an error number that is not one of the common file errors, the
/// result is Foundation's text up to the first full stop, because the caller adds a full stop.
package func systemReason(of error: any Error) -> String {
    if let error = error as? FileError { return error.reason }
    let cocoa = error as NSError
    if let posix = cocoa.userInfo[NSUnderlyingErrorKey] as? NSError,
        posix.domain == NSPOSIXErrorDomain
    {
        return systemReason(Int32(posix.code))
    }
    if let number = (error as? CocoaError).flatMap({ numbers[$0.code] }) {
        return systemReason(number)
    }
    return String(cocoa.localizedDescription.prefix { $0 != "." && $0 != "\n" })
}

/// Error numbers of Foundation's errors about files.
private let numbers: [CocoaError.Code: Int32] = [
    .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileReadNoPermission: EACCES,
    .fileWriteNoPermission: EACCES, .fileWriteOutOfSpace: ENOSPC, .fileWriteFileExists: EEXIST,
    .fileWriteVolumeReadOnly: EROFS,
]

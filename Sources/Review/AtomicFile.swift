import Foundation

/// Files that are either the old or the new, whatever happens meanwhile.
enum AtomicFile {
    /// Writes a new file beside `path`, waits until it is on the disk, and puts it in the place of
    /// the old one, whose permissions it keeps.
    /// - Throws: `ReviewError.notWritten`; the old file is unharmed then.
    static func write(_ bytes: [UInt8], to path: String) throws(ReviewError) {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        // Hidden, so that nobody takes the half-written file of a crash for votes.
        let partial = "\(folder)/.\(url.lastPathComponent).partial"
        let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .notWritten(path: path, reason: systemReason(errno)) }
        var old = stat()
        if stat(path, &old) == 0 { fchmod(file, old.st_mode & 0o7777) }
        var failure = writeAll(bytes, to: file)
        if failure == nil, fsync(file) != 0 { failure = errno }
        if close(file) != 0, failure == nil { failure = errno }
        if failure == nil, rename(partial, path) != 0 { failure = errno }
        if let failure {
            unlink(partial)
            throw .notWritten(path: path, reason: systemReason(failure))
        }
        synchronize(folder: folder)
    }

    /// Makes a folder and those above it.
    /// - Throws: `ReviewError.notWritten`.
    static func makeFolder(_ path: String) throws(ReviewError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .notWritten(path: path, reason: systemReason(of: error))
        }
    }

    /// Sees to it that a renaming survives a power cut. File systems that cannot do that for a
    /// folder (some network shares) refuse, and are no worse off than before.
    static func synchronize(folder: String) {
        let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { return }
        fsync(handle)
        close(handle)
    }

    /// - Returns: the error number if not everything could be written.
    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32? {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Foundation.write(file, buffer.baseAddress! + done, buffer.count - done)
                if count < 0 && errno != EINTR { return errno }
                done += max(0, count)
            }
            return nil
        }
    }
}

/// The system's words for an error number.
func systemReason(_ number: Int32) -> String { String(cString: strerror(number)) }

/// The system's words for an error of Foundation where it has them.
func systemReason(of error: any Error) -> String {
    let cocoa = error as NSError
    if let posix = cocoa.userInfo[NSUnderlyingErrorKey] as? NSError,
        posix.domain == NSPOSIXErrorDomain
    {
        return systemReason(Int32(posix.code))
    }
    return cocoa.localizedDescription
}

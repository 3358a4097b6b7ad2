import Foundation
import SystemPackage

/// Files that have either the old or the new content, even if writing is interrupted.
package enum AtomicFile {
    /// Writes a file beside `path` and renames it, so that no process reads half a file.
    ///
    /// The temporary name is `.NAME.partial`. It is hidden, so that a file left by a crash is not
    /// mistaken for the real one. Two processes that write the same file must hold a lock
    /// (`FileLock`). The permissions of a replaced file are kept. If `path` is a link, its target
    /// is replaced. If `path` is not a regular file, for example a device or a named pipe, the
    /// bytes are written to it directly.
    ///
    ///     try AtomicFile.write(Array("done\n".utf8), to: "notes.txt")
    ///
    /// - Parameter durably: also waits until the content and the new name are on the disk, so that
    ///   they survive a power failure. That costs some milliseconds a file.
    /// - Throws: `FileError`; the old file is then unchanged.
    package static func write(
        _ bytes: [UInt8], to path: String, durably: Bool = true
    ) throws(FileError) {
        guard case .file(let target) = WritePlace(path) else {
            return try writeInPlace(bytes, to: path)
        }
        let old = status(target)
        let folder = Paths.parent(of: target)
        let partial = "\(folder)/.\(Paths.name(of: target)).partial"
        do throws(FileError) {
            try fill(partial, with: bytes, permissions: old?.st_mode, durably: durably)
            guard rename(partial, target) == 0 else {
                throw FileError(.rename, path: path, number: errno)
            }
        } catch {
            unlink(partial)
            throw FileError(error.operation, path: path, number: error.number)
        }
        if durably { Folders.synchronize(folder) }
    }

    /// Writes a file under the name `partial` and renames it to `path`. It does not examine `path`
    /// before and does not wait for the disk. For writing many files in sequence.
    ///
    /// - Parameter partial: a path in the same folder; an existing file there is replaced.
    /// - Throws: `FileError` for `path`; the file `partial` is then removed.
    package static func write(_ bytes: [UInt8], to path: String, by partial: String)
        throws(FileError)
    {
        do throws(FileError) {
            try fill(partial, with: bytes, permissions: nil, durably: false)
            guard rename(partial, path) == 0 else {
                throw FileError(.rename, path: path, number: errno)
            }
        } catch {
            unlink(partial)
            throw FileError(error.operation, path: path, number: error.number)
        }
    }

    private static func writeInPlace(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try opened(path, .writeOnly, [])
        do {
            try OpenFile.write(bytes, to: file.rawValue, path: path)
        } catch {
            dropped(file)
            throw error
        }
        try calling(.write, path) { try file.close() }
    }

    /// Puts a complete file in its place: renames it, or, if there is a device or a named pipe at
    /// `path`, writes its content there and removes it.
    ///
    /// - Parameter complete: a file in the same folder, or in any folder for a device.
    /// - Throws: `FileError` for `path`; `complete` is then removed.
    package static func place(_ complete: String, at path: String) throws(FileError) {
        defer { unlink(complete) }
        switch WritePlace(path) {
        case .file(let target):
            guard rename(complete, target) == 0 else {
                throw FileError(.rename, path: path, number: errno)
            }
        case .special:
            let source = try RandomAccessFile(complete)
            let file = try opened(path, .writeOnly, [])
            defer { dropped(file) }
            for offset in stride(from: 0, to: source.size, by: block) {
                let bytes = try source.bytes(at: offset, count: block)
                try OpenFile.write(bytes, to: file.rawValue, path: path)
            }
        }
    }

    /// Bytes that are copied at a time.
    private static let block = 1 << 20

    private static func fill(
        _ path: String, with bytes: [UInt8], permissions: mode_t?, durably: Bool
    ) throws(FileError) {
        let file = try opened(
            path, .writeOnly, [.create, .truncate, .noFollow],
            permissions: FilePermissions(rawValue: 0o666))
        do throws(FileError) {
            if let permissions { fchmod(file.rawValue, permissions & 0o7777) }
            try OpenFile.write(bytes, to: file.rawValue, path: path)
            if durably, fsync(file.rawValue) != 0 {
                throw FileError(.write, path: path, number: errno)
            }
        } catch {
            dropped(file)
            throw error
        }
        try calling(.write, path) { try file.close() }
    }
}

import Foundation
import SystemPackage

/// Files that have either the old or the new content, whatever happens while they are written.
package enum AtomicFile {
    /// Writes a file beside `path` and renames it, so that nobody sees half a file.
    ///
    /// The name beside it is `.NAME.partial`, hidden, so that nobody takes the rest of a crash for the
    /// file. Two processes that write the same file must hold a lock (`FileLock`). The permissions of a
    /// file that is replaced are kept. Where `path` is a link, the file it leads to is replaced; what
    /// is no plain file, such as a device or a named pipe, is written to as it is.
    ///
    ///     try AtomicFile.write(Array("done\n".utf8), to: "notes.txt")
    ///
    /// - Parameter durably: also wait until the content and the new name are on the disk, so that they
    ///   survive a power cut. That costs some milliseconds a file.
    /// - Throws: `FileError`; the old file is unharmed then.
    package static func write(
        _ bytes: [UInt8], to path: String, durably: Bool = true
    ) throws(FileError) {
        let target = resolved(path)
        let old = status(target)
        if let old, old.kind != S_IFREG, old.kind != S_IFDIR {
            return try writeInPlace(bytes, to: path)
        }
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

    /// Writes a file under the name `partial` and renames it to `path`, without a look at what is there
    /// and without waiting for the disk: for many files, one after another.
    ///
    /// - Parameter partial: in the same folder; a file of that name is replaced.
    /// - Throws: `FileError` for `path`; then there is no file `partial`.
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

    /// The file that a link leads to, as far as there is one.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
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

import Files
import Foundation

/// The lock of a local destination.
///
/// The lock is a file that must not exist before (`NewFile`). That also works on file servers,
/// which may support neither locks like `FileLock` nor hard links.
enum FolderLock {
    static func file(in folder: String) -> LockFile {
        let path = folder + "/" + Leftover.lock
        return LockFile(
            name: path, isOverSSH: false,
            make: { try make(path, $0, in: folder) },
            text: { try text(path) },
            takeAway: { try takeAway(path, $0) },
            renew: { renew(path, $0) })
    }

    private static func make(_ path: String, _ line: String, in folder: String) throws -> Bool {
        do {
            try NewFile.make(path, Array((line + "\n").utf8))
            return true
        } catch {
            guard error.number == EEXIST else {
                throw PublishingError.notWritable(path: folder, reason: error.reason)
            }
            return false
        }
    }

    private static func text(_ path: String) throws -> String? {
        switch try reading({ () throws(FileError) in try RegularFile.read(path) }) {
        case .content(let bytes): String(decoding: bytes, as: UTF8.self)
        case .missing: nil
        // A sign of life was added between two system calls.
        case .size: ""
        case .other: throw PublishingError.locked(lock: path, holder: .unknown)
        }
    }

    /// The lock is renamed first. Only one of several publishers succeeds with that, and it then
    /// checks whose lock it has. If another publisher took over the lock in between, that lock gets
    /// its name back.
    private static func takeAway(_ path: String, _ line: String) throws -> Bool {
        guard let now = try text(path), LockRecord.firstLine(of: now) == line else { return false }
        let aside = "\(path).\(getpid())"
        guard rename(path, aside) == 0 else {
            if errno == ENOENT { return false }
            throw PublishingError.copyFailed(path: path, number: errno)
        }
        defer { unlink(aside) }
        guard let taken = try text(aside) else { return false }
        if LockRecord.firstLine(of: taken) == line { return true }
        do {
            try NewFile.make(path, Array(taken.utf8))
        } catch {
            // Somebody has made a lock meanwhile. The owner of this one notices.
        }
        return false
    }

    /// The line is checked and the sign written through one descriptor, so the sign cannot get into
    /// the lock of somebody else.
    private static func renew(_ path: String, _ line: String) -> LockFile.Ownership {
        let file = open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { return .unknown }
            // A publisher that takes over a lock gives back a wrong one after a moment.
            usleep(200_000)
            return access(path, F_OK) == 0 ? .unknown : .lost
        }
        defer { close(file) }
        let expected = Array((line + "\n").utf8)
        var found = [UInt8](repeating: 0, count: expected.count)
        let count = read(file, &found, found.count)
        guard count >= 0 else { return .unknown }
        guard found == expected else { return .lost }
        // A full disk does not matter: the owner lives nevertheless.
        _ = write(file, ".", 1)
        return .mine
    }
}

import Files
import Foundation

/// Prevents two publishers from writing to one folder at the same time.
///
/// The lock is a file that must not exist before (`NewFile`). That also works on file servers,
/// which may not support locks like `FileLock`. The text of the file names its holder.
enum PublishingLock {
    /// Runs `body` while holding the lock of `folder`. A lock is taken over if its owner was a
    /// process of this machine that has ended.
    /// - Parameter body: called with the path of the lock.
    /// - Throws: `PublishingError.locked`, or `.notWritable` when the lock cannot be written.
    static func hold<Value>(on folder: String, _ body: (_ lock: String) throws -> Value) throws
        -> Value
    {
        let path = folder + "/" + Leftover.lock
        if let holder = try make(path, in: folder) {
            guard case .ended = holder, try takeAway(path, of: holder) else {
                throw PublishingError.locked(lock: path, holder: holder)
            }
            if let other = try make(path, in: folder) {
                throw PublishingError.locked(lock: path, holder: other)
            }
        }
        defer { unlink(path) }
        return try body(path)
    }

    /// - Returns: the current holder of the lock; `nil` when the lock was created.
    private static func make(_ path: String, in folder: String) throws -> LockHolder? {
        do {
            try NewFile.make(path, Array("\(hostName()) \(getpid())\n".utf8))
            return nil
        } catch {
            guard error.number == EEXIST else {
                throw PublishingError.notWritable(path: folder, reason: error.reason)
            }
            return try holder(of: path)
        }
    }

    /// Removes the lock of an owner that has ended.
    ///
    /// The lock is renamed first. Only one of several publishers succeeds with that, and it then
    /// checks again whose lock it has. If another publisher took over the lock in between, that
    /// lock gets its name back.
    /// - Returns: whether the lock is gone.
    private static func takeAway(_ path: String, of ended: LockHolder) throws -> Bool {
        let aside = "\(path).\(getpid())"
        guard rename(path, aside) == 0 else { return errno == ENOENT }
        defer { unlink(aside) }
        guard try holder(of: aside) == ended else {
            link(aside, path)
            return false
        }
        return true
    }

    private static func holder(of path: String) throws -> LockHolder {
        guard
            case .content(let bytes) = try reading({ () throws(FileError) in
                try RegularFile.read(path)
            })
        else { return .unknown }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let process = Int32(words[1]), process > 0 else { return .unknown }
        let host = String(words[0])
        guard host == hostName() else { return .elsewhere(host: host, process: process) }
        // Signal 0 only checks the process. EPERM means that the process exists but belongs to
        // another user.
        let alive = kill(process, 0) == 0 || errno == EPERM
        return alive
            ? .running(host: host, process: process) : .ended(host: host, process: process)
    }

    /// The host name of this machine. ProcessInfo would ask the network for it.
    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

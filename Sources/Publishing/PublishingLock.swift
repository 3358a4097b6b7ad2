import Files
import Foundation

/// Keeps two publishers from writing to one folder at a time.
///
/// The lock is a file that must not exist before (`NewFile`): that works on file servers too, which may
/// not pass on locks of the kind of `FileLock`. Its text says who holds it.
enum PublishingLock {
    /// Runs `body` while holding the lock of `folder`.
    /// - Throws: `PublishingError.locked`, or `.notWritable` when the lock cannot be written.
    static func hold<Value>(on folder: String, _ body: () throws -> Value) throws -> Value {
        let path = folder + "/" + Leftover.lock
        do {
            try NewFile.make(path, Array("\(hostName()) \(getpid())\n".utf8))
        } catch {
            guard error.number == EEXIST else {
                throw PublishingError.notWritable(path: folder, reason: error.reason)
            }
            throw PublishingError.locked(lock: path, holder: try holder(of: path))
        }
        defer { unlink(path) }
        return try body()
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
        // Signal 0 only asks; EPERM means that the process is somebody else's, so it is alive.
        let alive = kill(process, 0) == 0 || errno == EPERM
        return alive
            ? .running(host: host, process: process) : .ended(host: host, process: process)
    }

    /// The machine's own name. ProcessInfo's would ask the network for it.
    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

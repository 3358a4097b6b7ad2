import Foundation

/// The first line of the lock of a destination: who publishes there.
///
///     rocks-pc 4711 2026-11-28T19:40:00Z 9c01f3ab44d20e71 1b0e…/4026531836 88123 ssh
///
/// Host, process, time of the start, a random number, the running system, the process's start in
/// ticks of that system, and the way to the destination. Earlier versions wrote host and process only. Full stops below the line
/// are signs of life.
struct LockRecord: Equatable {
    let host: String
    let process: Int32
    /// For people; the clock of that host may be wrong.
    let started: String?
    /// Boot and process namespace. Process numbers mean something only within one.
    let system: String?
    /// Another process may get the number of one that has ended. Its start then differs.
    let born: String?
    /// Whether the publisher comes over ssh. A shell on the machine of the destination then removes
    /// the lock when the connection has ended.
    let isOverSSH: Bool
    /// The line itself.
    let line: String

    /// - Parameter text: the content of a lock.
    /// - Returns: `nil` when it does not name its owner.
    init?(_ text: String) {
        let line = Self.firstLine(of: text)
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 2 || words.count == 7, let process = Int32(words[1]), process > 0
        else { return nil }
        host = words[0]
        self.process = process
        started = words.count == 7 ? words[2] : nil
        system = words.count == 7 ? words[4] : nil
        born = words.count == 7 ? words[5] : nil
        isOverSSH = words.last == Self.overSSH
        self.line = line
    }

    static func firstLine(of text: String) -> String { String(text.prefix { !$0.isNewline }) }

    private static let overSSH = "ssh"

    /// A new line for this process.
    static func own(overSSH: Bool = false) -> String {
        let process = getpid()
        let token = String(UInt64.random(in: .min ... .max), radix: 16)
        return [
            hostName(), "\(process)", Date.now.formatted(.iso8601), token, runningSystem(),
            birth(of: process) ?? "-", overSSH ? Self.overSSH : "folder",
        ].joined(separator: " ")
    }

    /// Whether the owner has ended; `nil` when that cannot be known here, because it is a process
    /// of another machine, or of this one before it was started again.
    func hasEnded() -> Bool? {
        guard isOfThisHost, system == nil || system == Self.runningSystem() else { return nil }
        // Signal 0 only checks the process. EPERM means that the process exists but belongs to
        // another user.
        guard kill(process, 0) == 0 || errno == EPERM else { return true }
        guard let born, let now = Self.birth(of: process) else { return false }
        return now != born
    }

    var isOfThisHost: Bool { host == Self.hostName() }

    /// The host name of this machine. ProcessInfo would ask the network for it.
    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func runningSystem() -> String {
        let boot = word(in: "/proc/sys/kernel/random/boot_id") ?? "-"
        var status = stat()
        let namespace = stat("/proc/self/ns/pid", &status) == 0 ? "\(status.st_ino)" : "-"
        return boot + "/" + namespace
    }

    private static func word(in path: String) -> String? {
        FileManager.default.contents(atPath: path).map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Field 22 of `/proc/PID/stat` (proc(5)). The name of the program, field 2, is in parentheses
    /// and may have spaces.
    private static func birth(of process: Int32) -> String? {
        guard let text = word(in: "/proc/\(process)/stat"),
            let name = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[name...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : nil
    }
}

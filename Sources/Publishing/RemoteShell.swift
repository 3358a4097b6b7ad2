import Files
import Foundation
import Synchronization

/// A shell on another machine that carries out commands, one connection for all of them.
///
/// The commands are those of POSIX. The connection is made by ssh, or by what `RSYNC_RSH` says, as
/// rsync does.
final class RemoteShell: Sendable {
    private struct State {
        var reader: LineReader
        var closed = false
    }

    private let child: ChildProcess.Started
    private let input: Int32
    private let errors: String
    private let destination: String
    /// Line that ends each answer, with the exit status.
    private let mark: String
    private let state: Mutex<State>

    /// The result of commands.
    struct Answer {
        let status: Int32
        let lines: [String]
        var text: String { lines.joined(separator: "\n") }
    }

    /// Connects to a host.
    /// - Parameters:
    ///   - scratch: folder for the error text of the connection.
    ///   - destination: named in errors.
    /// - Throws: `PublishingError.notConnected`, `.notStarted`.
    init(
        host: String, environment: [String: String], scratch: String, destination: String,
        interruption: Interruption
    ) throws {
        let words = Self.words(environment["RSYNC_RSH", default: "ssh"])
        let path = environment["PATH", default: ""]
        guard let name = words.first,
            let program = name.contains("/") ? name : ChildProcess.find(name, in: path)
        else { throw PublishingError.shellMissing(words.first ?? "ssh") }
        errors = scratch + "/connection"
        self.destination = destination
        mark = "geoatlas-\(UInt64.random(in: .min ... .max))"
        child = try ChildProcess(
            program: program, arguments: words.dropFirst() + [host, "exec sh"],
            environment: environment.map { "\($0.key)=\($0.value)" }
        ).start(errors: errors, withInput: true)
        input = child.input ?? -1
        state = Mutex(State(reader: LineReader(child.output)))
        interruption.adopt(child.process)
        defer { interruption.adopt(nil) }
        // The mark ends anything that the host prints at the beginning.
        let begin = "LC_ALL=C; export LC_ALL; unset TIME_STYLE CDPATH; umask 022"
        do {
            _ = try run(begin)
        } catch {
            try interruption.check()
            throw error
        }
    }

    /// Runs commands, without standard input, and returns what they print on standard output.
    /// - Throws: `PublishingError.notConnected` when the connection ends.
    func run(_ commands: String) throws -> Answer {
        try state.withLock { try answer(commands, &$0) }
    }

    /// Like `run`, but gives up at once when other commands are running.
    func runIfIdle(_ commands: String) throws -> Answer? {
        try state.withLockIfAvailable { try answer(commands, &$0) }
    }

    /// Ends the shell after `commands`.
    func close(after commands: String) {
        state.withLock { state in
            guard !state.closed else { return }
            state.closed = true
            do {
                try OpenFile.write(Array((commands + "\nexit\n").utf8), to: input, path: "")
            } catch {
                // The connection has ended already, and with it the shell.
            }
            Foundation.close(input)
            while state.reader.next() != nil {}
            Foundation.close(child.output)
            _ = child.wait()
        }
    }

    deinit { close(after: "") }

    private func answer(_ commands: String, _ state: inout State) throws -> Answer {
        guard !state.closed else { throw lost() }
        // The braces make the shell read all commands before it runs the first.
        let request = "{ \(commands)\n} </dev/null\nprintf '\\n%s %d\\n' \(mark) $?\n"
        do {
            try OpenFile.write(Array(request.utf8), to: input, path: destination)
        } catch {
            throw lost()
        }
        var lines: [String] = []
        while let line = state.reader.next() {
            guard line.hasPrefix(mark + " ") else {
                lines.append(line)
                continue
            }
            // The line feed before the mark ends the last line, or makes an empty one.
            if lines.last == "" { lines.removeLast() }
            return Answer(status: Int32(line.dropFirst(mark.count + 1)) ?? -1, lines: lines)
        }
        throw lost()
    }

    private func lost() -> PublishingError {
        .notConnected(destination: destination, text: ErrorText.last(errors))
    }

    /// Lines for the standard input of `xargs`, one word each.
    static func list(_ paths: [String]) -> String {
        var text: [UInt8] = []
        for path in paths {
            text.append(contentsOf: "./".utf8)
            for byte in path.utf8 {
                // xargs gives a meaning to spaces, quotation marks and backslashes.
                switch byte {
                case UInt8(ascii: " "), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    text.append(UInt8(ascii: "\\"))
                default: break
                }
                text.append(byte)
            }
            text.append(UInt8(ascii: "\n"))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The words of a command line with simple quotation marks, as rsync splits `RSYNC_RSH`.
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character == " " {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(whole) }
        return words
    }
}

/// Messages that another program wrote to a file.
enum ErrorText {
    /// The first two lines, without full stops at their ends, because the caller adds one. Lines
    /// that name source files of rsync are left out.
    static func first(_ path: String) -> String {
        lines(path).prefix(2).map(withoutStop).joined(separator: "; ")
    }

    /// The last line, without a full stop at its end. ssh may print warnings before it.
    static func last(_ path: String) -> String { lines(path).last.map(withoutStop) ?? "" }

    private static func withoutStop(_ line: String) -> String {
        var rest = line[...]
        while let last = rest.last, last == "." || last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    static func lines(_ path: String) -> [String] {
        do {
            guard case .content(let bytes) = try RegularFile.read(path) else { return [] }
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                .filter { !$0.hasPrefix("rsync error:") && !$0.hasPrefix("rsync warning:") }
                .map(String.init)
        } catch {
            return []
        }
    }
}

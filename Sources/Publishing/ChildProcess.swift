import Files
import Foundation

/// Runs another program and waits for its end.
///
/// Foundation's `Process` would put the program into its own process group, where ssh cannot ask
/// for a password on the terminal.
struct ChildProcess {
    let program: String
    let arguments: [String]
    /// `NAME=value`.
    let environment: [String]

    /// A program that is running.
    struct Started {
        let process: pid_t
        /// Its standard output.
        let output: Int32
        /// Its standard input; `nil` when that is empty.
        let input: Int32?

        /// Waits for the end of the program.
        /// - Returns: its exit status; 128 plus the number of the signal that ended it.
        func wait() -> Int32 {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            // WIFEXITED, WEXITSTATUS and WTERMSIG are macros that Swift cannot import.
            return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        }
    }

    /// The first program of this name in the folders of `searchPath` (a list like `PATH`).
    static func find(_ name: String, in searchPath: String) -> String? {
        searchPath.split(separator: ":").map { "\($0)/\(name)" }.first {
            !Folders.contain($0) && access($0, X_OK) == 0
        }
    }

    /// Runs the program with an empty standard input.
    ///
    /// - Parameters:
    ///   - errors: file for its standard error.
    ///   - line: called for each line of its standard output, without the line feed.
    /// - Returns: as of `Started.wait`.
    /// - Throws: `PublishingError.notStarted`.
    func run(
        errors: String, interruption: Interruption, line: (String) -> Void
    ) throws -> Int32 {
        let child = try start(errors: errors, withInput: false)
        defer { close(child.output) }
        interruption.adopt(child.process)
        readLines(child.output, line)
        let status = child.wait()
        interruption.adopt(nil)
        return status
    }

    /// Starts the program.
    /// - Parameters:
    ///   - errors: file for its standard error.
    ///   - withInput: whether its standard input is a pipe from this process.
    /// - Throws: `PublishingError.notStarted`.
    func start(errors: String, withInput: Bool) throws -> Started {
        let output = try pipe()
        let input = withInput ? try pipe() : nil
        let process: pid_t
        do {
            defer {
                close(output.writing)
                if let input { close(input.reading) }
            }
            process = try spawn(input: input?.reading, output: output.writing, errors: errors)
        } catch {
            close(output.reading)
            if let input { close(input.writing) }
            throw error
        }
        return Started(process: process, output: output.reading, input: input?.writing)
    }

    private func failure(_ code: Int32) -> PublishingError {
        .notStarted(program: program, reason: systemReason(code))
    }

    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard Foundation.pipe(&ends) == 0 else { throw failure(errno) }
        // Otherwise the child would keep its own output open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private func spawn(input: Int32?, output: Int32, errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        // This process ignores these signals, but the child must not ignore them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, program, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw failure(code) }
        return child
    }

    private func readLines(_ file: Int32, _ line: (String) -> Void) {
        var reader = LineReader(file)
        while let next = reader.next() { line(next) }
    }
}

/// Reads lines from a pipe.
struct LineReader {
    private let file: Int32
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ file: Int32) { self.file = file }

    /// The next line, without its line feed; `nil` at the end. A last line without line feed counts.
    mutating func next() -> String? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return String(decoding: buffer[position..<end], as: UTF8.self)
            }
            buffer.removeFirst(position)
            position = 0
            searched = buffer.count
            guard fill() else { break }
        }
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    private mutating func fill() -> Bool {
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            buffer += part[..<count]
            return true
        }
    }
}

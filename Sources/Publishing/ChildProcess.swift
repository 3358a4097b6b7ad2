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

    /// Runs the program with an empty standard input.
    ///
    /// - Parameters:
    ///   - errors: file for its standard error.
    ///   - line: called for each line of its standard output, without the line feed.
    /// - Returns: its exit status; 128 plus the number of the signal that ended it.
    /// - Throws: `PublishingError.rsyncNotStarted`.
    func run(
        errors: String, interruption: Interruption, line: (String) -> Void
    ) throws -> Int32 {
        let (reading, writing) = try pipe()
        defer { close(reading) }
        let child: pid_t
        do {
            defer { close(writing) }
            child = try spawn(output: writing, errors: errors)
        }
        interruption.adopt(child)
        readLines(reading, line)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        interruption.adopt(nil)
        // WIFEXITED, WEXITSTATUS and WTERMSIG are macros that Swift cannot import.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private func failure(_ code: Int32) -> PublishingError {
        .rsyncNotStarted(program: program, reason: systemReason(code))
    }

    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard Foundation.pipe(&ends) == 0 else { throw failure(errno) }
        // Otherwise the child would keep its own output open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private func spawn(output: Int32, errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        // This process ignores these signals, but the child must not ignore them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
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
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var pending: [UInt8] = []
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            pending += buffer[..<count]
            let lines = pending.split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for whole in lines.dropLast() { line(String(decoding: whole, as: UTF8.self)) }
            pending = lines.last.map(Array.init) ?? []
        }
        if !pending.isEmpty { line(String(decoding: pending, as: UTF8.self)) }
    }
}

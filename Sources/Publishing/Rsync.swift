import Files
import Foundation

/// Runs rsync to send files to another machine.
struct Rsync {
    let program: String
    let environment: [String: String]
    let interruption: Interruption
    /// Folder for lists and error texts.
    let scratch: String
    /// Destination named in errors.
    let destination: String

    /// The action of rsync for one file.
    struct Item: Equatable {
        enum Fate { case sent, kept }
        let fate: Fate
        let bytes: Int
        let path: String
    }

    /// Path of the first rsync in the folders of `searchPath` (a list like `PATH`).
    /// - Throws: `PublishingError.rsyncMissing`.
    static func find(in searchPath: String) throws -> String {
        guard let program = ChildProcess.find("rsync", in: searchPath) else {
            throw PublishingError.rsyncMissing
        }
        return program
    }

    /// Copies exactly `paths` from a folder to an address and makes folders as needed.
    ///
    /// - All of them are sent (`--ignore-times`), because sizes and times say nothing about their
    ///   contents. Times are not copied, so that caches of a web server detect that a sent file is
    ///   new.
    /// - A web server can read the result with any umask (`DestinationPermissions`).
    /// - Every file arrives under another name and is renamed when it is complete.
    func send(
        _ paths: [String], from source: String, to target: String,
        permissions: DestinationPermissions, item: (Item) -> Void
    ) throws {
        guard !paths.isEmpty else { return }
        let list = scratch + "/list"
        try Scratch.write(paths.flatMap { $0.utf8 + [0] }, to: list)
        // -ii also lists files that were not sent; --secluded-args (here by its older name) keeps a
        // remote shell from splitting paths at spaces. Implied folders are made, but the
        // permissions of those that exist are not changed.
        let options =
            [
                "-ii", "--out-format=%i %l %n", "--protect-args", "--ignore-times",
                "--omit-dir-times",
                "--files-from=" + list, "--from0",
            ] + permissions.options
        try start(options + ["--", source, target], permissions) { Self.item($0).map(item) }
    }

    /// - Parameter line: receives each line of the output.
    private func start(
        _ arguments: [String], _ permissions: DestinationPermissions, line: (String) -> Void
    ) throws {
        let errors = scratch + "/errors"
        let status = try process(arguments).run(
            errors: errors, interruption: interruption, line: line)
        try interruption.check()
        // 20: rsync itself received the signal from the terminal.
        if status == 20 { throw PublishingError.interrupted(destination: destination) }
        // Status 23: some attributes were not transferred. The files are there.
        if status == 0
            || status == 23 && permissions == .fixed
                && ErrorText.lines(errors).allSatisfy(Self.isAboutPermissions)
        {
            return
        }
        throw PublishingError.rsyncFailed(
            destination: destination, status: status, text: ErrorText.first(errors))
    }

    /// rsync itself, or rsync started by setpriv(1), so that it ends together with this process even
    /// if that is killed. Otherwise it could go on without a lock.
    private func process(_ arguments: [String]) -> ChildProcess {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        guard let starter = ChildProcess.find("setpriv", in: environment["PATH", default: ""])
        else {
            return ChildProcess(program: program, arguments: arguments, environment: variables)
        }
        return ChildProcess(
            program: starter, arguments: ["--pdeathsig", "TERM", program] + arguments,
            environment: variables)
    }

    /// Parses a line `%i %l %n` (rsync(1), "--itemize-changes"); `nil` for folders and other lines.
    static func item(_ line: String) -> Item? {
        let flags = line.prefix(11)
        let rest = line.dropFirst(11).split(
            separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard flags.dropFirst().first == "f", rest.count == 2, let bytes = Int(rest[0]) else {
            return nil
        }
        switch flags.first {
        case "<", ">": return Item(fate: .sent, bytes: bytes, path: String(rest[1]))
        case ".": return Item(fate: .kept, bytes: bytes, path: String(rest[1]))
        default: return nil
        }
    }

    private static func isAboutPermissions(_ message: String) -> Bool {
        message.contains("failed to set permissions on ")
    }
}

/// A temporary folder for one publication.
enum Scratch {
    /// Runs `body` with the path of a new folder, which is removed afterwards.
    static func hold<Value>(_ body: (_ folder: String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw PublishingError.notWritable(path: folder, reason: systemReason(of: error))
        }
        defer {
            do {
                try FileManager.default.removeItem(atPath: folder)
            } catch {
                // The lists are small, and the system empties the folder for temporary files.
            }
        }
        return try body(folder)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw PublishingError.notWritable(path: path, reason: systemReason(of: error))
        }
    }
}

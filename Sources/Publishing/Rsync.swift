import Files
import Foundation

/// Runs rsync for publishing, with lists of files and one run for each step.
struct Rsync {
    let program: String
    let environment: [String]
    let interruption: Interruption
    /// Folder for lists and error texts.
    let scratch: String
    /// Destination named in errors.
    let destination: String
    /// Permissions of sent files and folders.
    var permissions = DestinationPermissions.standard

    /// The action of rsync for one file.
    struct Item: Equatable {
        enum Fate { case sent, kept, removed }
        let fate: Fate
        let bytes: Int
        let path: String
    }

    /// Path of the first rsync in the folders of `searchPath` (a list like `PATH`).
    /// - Throws: `PublishingError.rsyncMissing`.
    static func find(in searchPath: String) throws -> String {
        for folder in searchPath.split(separator: ":") {
            let program = "\(folder)/rsync"
            if !Folders.contain(program), access(program, X_OK) == 0 { return program }
        }
        throw PublishingError.rsyncMissing
    }

    /// Copies `paths` from one folder to another and makes folders as needed.
    ///
    /// - Files are compared by content, not by time (`--checksum`). Pictures of an atlas often have
    ///   the same size, and the time of a rebuilt or copied file does not depend on its content.
    ///   Times are not copied either, so that caches of a web server detect that a sent file is
    ///   new.
    /// - A web server can read the result with any umask (`DestinationPermissions`).
    /// - Every file arrives under another name and is renamed when it is complete. With `atOnce`,
    ///   the files are renamed only after all of them have arrived (`--delay-updates`).
    func send(
        _ paths: [String], from source: String, to target: String, atOnce: Bool = false,
        item: (Item) -> Void = { _ in }
    ) throws {
        guard !paths.isEmpty else { return }
        let together = ["--delay-updates", "--partial-dir=" + Leftover.delayed]
        try run(
            ["--checksum"] + permissions.options + (atOnce ? together : []),
            paths, from: source, to: target, line: { Self.item($0).map(item) })
    }

    /// Copies those of `paths` that exist.
    func fetch(_ paths: [String], from source: String, to target: String) throws {
        try run(["--ignore-missing-args"], paths, from: source, to: target) { _ in }
    }

    /// The paths that exist at `source`, as files, folders or anything else.
    func existing(_ paths: [String], at source: String) throws -> [String] {
        let wanted = Set(paths)
        let empty = try Scratch.folder("nothing", in: scratch)
        var found: [String] = []
        try run(
            ["--ignore-missing-args", "--dry-run", "--links", "--8-bit-output"], paths,
            from: source, to: empty + "/"
        ) { line in
            guard let path = Self.fields(line)?.path else { return }
            // The name of a folder ends with a slash.
            let name = path.hasSuffix("/") ? String(path.dropLast()) : path
            if wanted.contains(name) { found.append(name) }
        }
        return found
    }

    /// Makes a folder on another machine, and its parents.
    func makeFolder(_ target: String) throws {
        let empty = try Scratch.folder("empty", in: scratch)
        try start(["--dirs", "--mkpath"], from: empty + "/", to: target) { _ in }
    }

    /// Removes the files `paths`, and nothing else, from `target`.
    ///
    /// rsync deletes files that the source does not have, and the source here has only the folders.
    /// Filter rules mark the listed files as "risk" and all others as "protect".
    /// `--delete-missing-args` would do the same, but versions in use refuse it since a security fix
    /// ("invalid file mode 00", issue 910 of rsync).
    func remove(_ paths: [String], from target: String, item: (Item) -> Void) throws {
        guard !paths.isEmpty else { return }
        let source = try Scratch.folder("removed", in: scratch)
        let folders = paths.map { $0.split(separator: "/").dropLast().joined(separator: "/") }
        for folder in Set(folders) { _ = try Scratch.folder(folder, in: source) }
        let rules = scratch + "/rules"
        let risks = paths.map { "R /\(Self.literal($0))\n" } + ["P *\n"]
        try Scratch.write(risks.flatMap { Array($0.utf8) }, to: rules)
        try start(
            ["--recursive", "--delete", "--existing", "--filter=merge " + rules],
            from: source + "/", to: target, line: { Self.item($0).map(item) })
    }

    /// A pattern that matches only this path. In a pattern without wildcards, rsync treats a
    /// backslash as a character; in other patterns, a backslash escapes the next character.
    private static func literal(_ path: String) -> String {
        let wild: Set<Character> = ["*", "?", "["]
        guard path.contains(where: wild.contains) else { return path }
        return path.map { wild.contains($0) || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }

    private func run(
        _ options: [String], _ paths: [String], from source: String, to target: String,
        line: (String) -> Void
    ) throws {
        let list = scratch + "/list"
        try Scratch.write(paths.flatMap { $0.utf8 + [0] }, to: list)
        try start(
            options + ["--files-from=" + list, "--from0"], from: source, to: target, line: line)
    }

    /// - Parameter line: receives each line that `fields` can parse.
    private func start(
        _ options: [String], from source: String, to target: String, line: (String) -> Void
    ) throws {
        let errors = scratch + "/errors"
        // -ii also lists files that were not sent; --secluded-args (here by its older name) keeps a
        // remote shell from splitting paths at spaces.
        let fixed = ["-ii", "--out-format=%i %l %n", "--protect-args"]
        let process = ChildProcess(
            program: program, arguments: fixed + options + ["--", source, target],
            environment: environment)
        let status = try process.run(errors: errors, interruption: interruption, line: line)
        // 20: rsync itself received the signal from the terminal.
        if interruption.happened || status == 20 {
            throw PublishingError.interrupted(destination: destination)
        }
        guard status != 0 else { return }
        let lines = try Self.messages(in: errors)
        // Status 23: some attributes were not transferred. The files are there.
        if status == 23, permissions == .fixed, lines.allSatisfy(Self.isAboutPermissions) { return }
        throw PublishingError.rsyncFailed(
            destination: destination, status: status,
            text: lines.prefix(2).joined(separator: "; "))
    }

    /// Parses a line `%i %l %n` (rsync(1), "--itemize-changes"); `nil` for folders and other lines.
    static func item(_ line: String) -> Item? {
        guard let (flags, bytes, path) = fields(line), let update = flags.first else { return nil }
        if flags.hasPrefix("*deleting") { return Item(fate: .removed, bytes: 0, path: path) }
        guard flags.dropFirst().first == "f" else { return nil }
        switch update {
        case "<", ">": return Item(fate: .sent, bytes: bytes, path: path)
        case ".": return Item(fate: .kept, bytes: bytes, path: path)
        default: return nil
        }
    }

    /// The parts of such a line; `nil` for any other line.
    private static func fields(_ line: String) -> (flags: Substring, bytes: Int, path: String)? {
        let rest = line.dropFirst(11).split(
            separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard rest.count == 2, let bytes = Int(rest[0]) else { return nil }
        return (line.prefix(11), bytes, String(rest[1]))
    }

    private static func isAboutPermissions(_ message: String) -> Bool {
        message.contains("failed to set permissions on ")
    }

    /// The error messages of rsync, without the closing lines that name source files of rsync.
    private static func messages(in errors: String) throws -> [String] {
        guard
            case .content(let bytes) = try reading({ () throws(FileError) in
                try RegularFile.read(errors)
            })
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("rsync error:") && !$0.hasPrefix("rsync warning:") }
            .map(String.init)
    }
}

/// A temporary folder for one publication.
enum Scratch {
    /// Runs `body` with the path of a new folder, which is removed afterwards.
    static func hold<Value>(_ body: (_ folder: String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-\(UUID().uuidString)").path
        try make(folder)
        defer {
            do {
                try FileManager.default.removeItem(atPath: folder)
            } catch {
                // The lists are small, and the system empties the folder for temporary files.
            }
        }
        return try body(folder)
    }

    /// Creates the folder `name` in `parent` if it does not exist, and returns its path.
    static func folder(_ name: String, in parent: String) throws -> String {
        let path = name.isEmpty ? parent : parent + "/" + name
        try make(path)
        return path
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw PublishingError.notWritable(path: path, reason: systemReason(of: error))
        }
    }

    private static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw PublishingError.notWritable(path: path, reason: systemReason(of: error))
        }
    }
}

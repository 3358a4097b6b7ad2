import AtlasModel
import Files
import Foundation
import Parallel
import Synchronization

/// A destination on another machine: rsync sends the files, and a shell there does the rest.
struct RemotePlace: Place {
    /// As the user wrote it.
    let name: String
    /// For rsync, with a slash at its end.
    let address: String
    /// Path on the other machine.
    let path: String
    /// Absolute path of the atlas on this machine.
    let atlas: String
    let shell: RemoteShell
    let rsync: Rsync

    var comparesWhileSending: Bool { false }

    func exists() throws -> Bool {
        try shell.run("cd -- \(folder) 2>/dev/null").status == 0
    }

    func make() throws {
        let answer = try shell.run("{ mkdir -p -- \(folder) && cd -- \(folder); } 2>&1")
        guard answer.status == 0 else { throw notWritable(answer) }
    }

    func close() { shell.close(after: "trap - 0") }

    private var folder: String { shellWord(path) }

    private func notWritable(_ answer: RemoteShell.Answer) -> PublishingError {
        .notWritable(path: name, reason: Self.reason(answer.lines.last))
    }

    /// The last part of a message such as `sh: 3: cannot create x: Permission denied`.
    private static func reason(_ message: String?) -> String {
        guard let message else { return "the host gave no reason" }
        return message.split(separator: ": ").last.map(String.init) ?? message
    }

    // The state of the destination

    func holdings() throws -> Holdings {
        let mark = "-- \(UInt64.random(in: .min ... .max)) --"
        // -n: without names of users. Names are kept apart by "./", with which all paths begin.
        let answer = try shell.run(
            """
            cat \(Manifest.fileName) 2>/dev/null; echo; echo '\(mark)'
            cat \(Leftover.state) 2>/dev/null; echo; echo '\(mark)'
            date +%s; echo '\(mark)'
            find . -path './\(Leftover.votes)' -prune -o -exec ls -lnd {} + 2>/dev/null
            """)
        let parts = answer.lines.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            throw PublishingError.notConnected(
                destination: name, text: "the host gave an unexpected answer")
        }
        var holdings = Holdings()
        holdings.manifest = Self.content(parts[0])
        holdings.state = Self.content(parts[1])
        holdings.now = parts[2].first.flatMap { Int($0) } ?? Int(Date.now.timeIntervalSince1970)
        for line in parts[3] { Self.add(line, to: &holdings) }
        return holdings
    }

    /// The content of a file of lines, after which an empty line was printed; `nil` when there was
    /// nothing.
    private static func content(_ lines: ArraySlice<String>) -> [UInt8]? {
        var text: [UInt8] = []
        for line in lines.last == "" ? lines.dropLast() : lines {
            text.append(contentsOf: line.utf8)
            text.append(UInt8(ascii: "\n"))
        }
        return text.isEmpty ? nil : text
    }

    /// Reads a line of `ls -ln`, such as `-rw-r--r-- 1 0 0 4223 Nov 28 19:40 ./rocks/1.html`.
    static func add(_ line: String, to holdings: inout Holdings) {
        guard let start = line.range(of: " ./") else { return }
        let path = String(line[start.upperBound...])
        switch line.first {
        case "-":
            let fields = line[..<start.lowerBound].split(separator: " ", maxSplits: 5)
            guard fields.count > 5, let size = Int(fields[4]) else { return }
            holdings.files[path] = size
        case "d": holdings.folders.insert(path)
        case "l":
            holdings.others.insert(
                path.range(of: " -> ").map { String(path[..<$0.lowerBound]) } ?? path)
        default: holdings.others.insert(path)
        }
    }

    func unchanged(_ files: [Manifest.File]) throws -> Set<String> {
        let answer = try shell.run(
            """
            xargs cksum 2>/dev/null <<'\(Self.end)'
            \(RemoteShell.list(files.map(\.path)))\(Self.end)
            """)
        return try arrived(files, answer)
    }

    /// Of `files`, the paths of those with the same checksum on both sides: that of `cksum`, which
    /// POSIX demands of every system.
    private func arrived(
        _ files: [Manifest.File], _ answer: RemoteShell.Answer
    ) throws -> Set<String> {
        let there = Set(answer.lines)
        var found: Set<String> = []
        for file in files {
            let bytes = try file.content(in: atlas)
            if there.contains("\(POSIXChecksum.of(bytes)) \(bytes.count) ./\(file.path)") {
                found.insert(file.path)
            }
        }
        return found
    }

    func store(_ state: DestinationState) throws {
        let file = Leftover.state
        guard !state.isEmpty else {
            _ = try shell.run("rm -f \(file)")
            return
        }
        let text = String(decoding: state.bytes(), as: UTF8.self)
        let answer = try shell.run(
            """
            { cat >\(file).new && mv -f \(file).new \(file); } 2>&1 <<'\(Self.end)'
            \(text)\(Self.end)
            """)
        guard answer.status == 0 else { throw notWritable(answer) }
    }

    /// The end of a text in a command. No line of such a text is like it.
    private static let end = "-- end --"

    // Changes

    func send(_ files: [Manifest.File], _ work: Sending) throws -> (sent: Int, bytes: Int) {
        try work.heartbeat.confirm()
        let permissions = try permissions()
        var sent = (sent: 0, bytes: 0)
        try rsync.send(
            files.map(\.path), from: atlas + "/", to: address, permissions: permissions
        ) {
            if $0.fate == .sent { sent = (sent.sent + 1, sent.bytes + $0.bytes) }
            work.progress(1)
        }
        return sent
    }

    private func permissions() throws -> DestinationPermissions {
        let answer = try shell.run(
            "chmod 644 \(Leftover.lock) 2>/dev/null || echo fixed; ls -lnd .")
        if answer.lines.first == "fixed" { return .fixed }
        // drwxrwsr-x: the sixth character is the group's right to write, the seventh the mark that
        // new files belong to the group.
        let mode = Array(answer.text.prefix(7))
        return mode.count == 7 && mode[5] == "w" && "sS".contains(mode[6]) ? .group : .standard
    }

    /// rsync has compared its own checksums, which are stronger, on the way.
    func verify(_ sent: [Manifest.File], _ work: Sending) throws {
        try work.heartbeat.confirm()
        let answer = try shell.run(
            """
            \(beating("xargs cksum 2>/dev/null")) <<'\(Self.end)'
            \(RemoteShell.list(sent.map(\.path)))\(Self.end)
            """)
        let arrived = try arrived(sent, answer)
        if let file = sent.first(where: { !arrived.contains($0.path) }) {
            throw PublishingError.arrivedDamaged(
                destination: name, path: file.path, reason: "its checksum differs")
        }
    }

    func remove(_ paths: [String], _ work: Sending) throws -> Set<String> {
        try work.heartbeat.confirm()
        let answer = try shell.run(
            """
            \(beating("xargs rm -f")) 2>/dev/null <<'\(Self.end)'
            \(RemoteShell.list(paths))\(Self.end)
            xargs rmdir 2>/dev/null <<'\(Self.end)'
            \(RemoteShell.list(FolderPlace.parents(of: paths)))\(Self.end)
            xargs ls -d 2>/dev/null <<'\(Self.end)'
            \(RemoteShell.list(paths))\(Self.end)
            """)
        return Set(answer.lines.map { String($0.dropFirst("./".count)) })
    }

    /// A command during which the host itself adds signs of life to the lock.
    private func beating(_ command: String) -> String {
        "{ (while sleep 5; do echo . >>\(Leftover.lock); done) >/dev/null 2>&1 & beat=$!; "
            + "\(command); kill $beat; }"
    }

    // The lock

    var lockFile: LockFile {
        let shell = shell
        let lock = Leftover.lock
        let name = name
        return LockFile(
            name: name + "/" + lock, isOverSSH: true,
            make: { line in
                // With noclobber (-C), a redirection creates a file and never opens an old one.
                let answer = try shell.run(
                    """
                    mine=\(shellWord(line))
                    held() { IFS= read -r first <\(lock) && [ "$first" = "$mine" ]; }
                    if (set -C; printf '%s\\n' "$mine" >\(lock)) 2>/dev/null; then
                      trap 'sleep 3; if held 2>/dev/null; then rm -f \(lock); fi' 0; echo made
                    elif [ -e \(lock) ] || [ -h \(lock) ]; then echo there
                    else (set -C; : >\(lock)) 2>&1; fi
                    """)
                if answer.lines == ["made"] { return true }
                if answer.lines == ["there"] || answer.lines.isEmpty { return false }
                throw PublishingError.notWritable(
                    path: name, reason: Self.reason(answer.lines.last))
            },
            text: {
                let answer = try shell.run("[ -f \(lock) ] && cat \(lock) && echo")
                return answer.status == 0 ? answer.text : nil
            },
            takeAway: { line in
                let answer = try shell.run(
                    """
                    aside=\(lock).$$; theirs=\(shellWord(line))
                    if mv \(lock) "$aside" 2>/dev/null; then
                      IFS= read -r first <"$aside"
                      if [ "$first" = "$theirs" ]; then rm -f "$aside"
                      else (set -C; cat "$aside" >\(lock)) 2>/dev/null; rm -f "$aside"; false; fi
                    fi
                    """)
                return answer.status == 0
            },
            renew: { line in
                do {
                    // While other commands run, the host adds the signs itself.
                    guard let answer = try shell.runIfIdle("held && printf . >>\(lock)") else {
                        return .unknown
                    }
                    return answer.status == 0 ? .mine : .lost
                } catch {
                    return .unknown
                }
            })
    }
}

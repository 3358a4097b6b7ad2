import Files
import Foundation

/// Where an atlas is published to.
enum Destination: Equatable {
    /// Absolute path of a folder of this machine, links resolved.
    case folder(String)
    /// `host:path`, reached by ssh. The path is absolute or begins with `./`, the home folder.
    case remote(host: String, path: String)

    /// - Parameters:
    ///   - text: as the user wrote it. The rule of rsync distinguishes the two cases: a colon
    ///     before the first slash means that the text before it is a host.
    ///   - workingFolder: the base of a relative path.
    /// - Throws: `PublishingError.refusedDestination`, `.foreignDestination`, `.rsyncServer`.
    init(_ text: String, workingFolder: String) throws {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 == 0 || $0 == 0x0A }) else {
            throw PublishingError.refusedDestination(text)
        }
        // A Windows share, or a home folder that the shell did not expand. Treated as paths, both
        // would create a folder with that name here.
        guard !text.contains("\\"), !text.hasPrefix("~") else {
            throw PublishingError.foreignDestination(text)
        }
        guard let colon = Self.endOfHost(text) else {
            let absolute = text.hasPrefix("/") ? text : workingFolder + "/" + text
            self = .folder(Destination.resolved(absolute))
            return
        }
        let host = text[..<colon]
        // A host with a leading dash would be read as an option by ssh.
        guard !host.isEmpty, !host.hasPrefix("-") else {
            throw PublishingError.refusedDestination(text)
        }
        let path = text[text.index(after: colon)...]
        guard host != "rsync" || !path.hasPrefix("//"), !path.hasPrefix(":") else {
            throw PublishingError.rsyncServer(text)
        }
        // The shell of the host starts in the home folder.
        let below = path == "~" ? "" : path.hasPrefix("~/") ? path.dropFirst(2) : path
        self = .remote(
            host: String(host), path: below.hasPrefix("/") ? String(below) : "./" + below)
    }

    /// The colon after the host; `nil` when there is no host. An IPv6 address is in brackets.
    private static func endOfHost(_ text: String) -> String.Index? {
        let start = text.prefix { $0 != "/" }
        guard let bracket = start.firstIndex(of: "["),
            bracket == start.startIndex
                || start[start.index(before: bracket)] == "@"
        else { return start.firstIndex(of: ":") }
        guard let end = start[bracket...].firstIndex(of: "]") else { return nil }
        let colon = start.index(after: end)
        return colon < start.endIndex && start[colon] == ":" ? colon : nil
    }

    /// The address for rsync: the folder itself, not a subfolder with its name.
    var address: String {
        switch self {
        case .folder(let path): path == "/" ? path : path + "/"
        case .remote(let host, let path): "\(host):\(path)" + (path.hasSuffix("/") ? "" : "/")
        }
    }

    /// The host for ssh, which knows no brackets.
    var sshHost: String? {
        guard case .remote(let host, _) = self else { return nil }
        return host.filter { $0 != "[" && $0 != "]" }
    }

    /// The name in messages.
    var name: String {
        switch self {
        case .folder(let path): path
        case .remote(let host, let path):
            host + ":" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
        }
    }

    /// Refuses a destination that is inside `folder` or contains it.
    /// - Parameter folder: absolute path with links resolved.
    /// - Throws: `PublishingError.nested`.
    func requireApart(from folder: String) throws {
        guard case .folder(let path) = self else { return }
        guard !(path + "/").hasPrefix(folder + "/"), !(folder + "/").hasPrefix(address) else {
            throw PublishingError.nested(folder: folder, destination: path)
        }
    }

    /// Creates a local folder that does not exist, readable by a web server (755), with its
    /// parents.
    /// - Throws: `PublishingError.notWritable`.
    func make() throws {
        guard case .folder(let path) = self else { return }
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            if Folders.contain(made) { continue }
            guard mkdir(made, 0o755) == 0 else {
                throw PublishingError.notWritable(path: made, reason: systemReason(errno))
            }
            // The umask may have removed permissions.
            chmod(made, 0o755)
        }
    }

    /// `path` without `.` and `..`, with links resolved in the part that exists.
    static func resolved(_ path: String) -> String {
        var existing = URL(filePath: path).standardizedFileURL.path
        var rest: [String] = []
        while existing != "/" {
            if let real = realpath(existing, nil) {
                defer { free(real) }
                let parent = String(cString: real)
                return rest.isEmpty ? parent : ([parent] + rest).joined(separator: "/")
            }
            let url = URL(filePath: existing)
            rest.insert(url.lastPathComponent, at: 0)
            existing = url.deletingLastPathComponent().path
        }
        return "/" + rest.joined(separator: "/")
    }
}

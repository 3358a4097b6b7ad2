import Files
import Foundation

/// Where an atlas is published to.
enum Destination: Equatable {
    /// Absolute path of a folder of this machine, links resolved.
    case folder(String)
    /// `host:path`, `host::module/path` or `rsync://host/module/path`.
    case remote(String)

    /// - Parameters:
    ///   - text: as the user wrote it. The rule of rsync distinguishes the two cases: a colon
    ///     before the first slash means that the text before it is a host.
    ///   - workingFolder: the base of a relative path.
    /// - Throws: `PublishingError.refusedDestination`, `.foreignDestination`.
    init(_ text: String, workingFolder: String) throws {
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw PublishingError.refusedDestination(text)
        }
        // A Windows share, or a home folder that the shell did not expand. Treated as paths, both
        // would create a folder with that name here.
        guard !text.contains("\\"), !text.hasPrefix("~") else {
            throw PublishingError.foreignDestination(text)
        }
        let host = text.prefix { $0 != "/" }
        guard let colon = host.firstIndex(of: ":") else {
            let absolute = text.hasPrefix("/") ? text : workingFolder + "/" + text
            self = .folder(Destination.resolved(absolute))
            return
        }
        // A host with a leading dash would be read as an option by ssh.
        guard colon != host.startIndex, !host.hasPrefix("-") else {
            throw PublishingError.refusedDestination(text)
        }
        self = .remote(text)
    }

    /// The address for rsync: the folder itself, not a subfolder with its name.
    var address: String {
        switch self {
        case .folder(let path): path == "/" ? path : path + "/"
        // The home folder. A slash alone would mean the root folder.
        case .remote(let text) where text.hasSuffix(":") && !text.hasSuffix("::"): text + "./"
        case .remote(let text): text.hasSuffix("/") ? text : text + "/"
        }
    }

    /// The name in messages.
    var name: String {
        switch self {
        case .folder(let path): path
        case .remote(let text): text
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

import Foundation

/// What is at a path that will be written to.
package enum WritePlace: Equatable, Sendable {
    /// A regular file, or nothing yet. The path is that of the file itself, at the end of all links.
    case file(String)
    /// A device, a named pipe or a socket. It is written to, never replaced.
    case special

    /// The longest chain of links that Linux follows.
    private static let mostLinks = 40

    /// A folder counts as a file, so that the error is that of the system.
    ///
    ///     WritePlace("/dev/null")  // .special
    package init(_ path: String) {
        if let old = status(path) {
            guard old.kind == S_IFREG || old.kind == S_IFDIR else {
                self = .special
                return
            }
        }
        self = .file(Self.target(of: path))
    }

    /// The target of a chain of links, which need not exist.
    private static func target(of path: String) -> String {
        var path = path
        for _ in 0..<mostLinks {
            guard let target = link(at: path) else { break }
            path = Paths.absolute(target, in: Paths.parent(of: path))
        }
        return path
    }

    /// Where a link leads; `nil` when there is no link at `path`.
    private static func link(at path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}

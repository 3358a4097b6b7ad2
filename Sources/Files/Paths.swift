import SystemPackage

/// Paths as text. These functions do not access the disk.
package enum Paths {
    /// The folder that contains a path.
    ///
    ///     Paths.parent(of: "a/b.txt")  // "a"
    ///     Paths.parent(of: "b.txt")    // "."
    ///     Paths.parent(of: "/")        // "/"
    package static func parent(of path: String) -> String {
        let parent = FilePath(path).removingLastComponent()
        return parent.isEmpty ? "." : parent.string
    }

    /// The last part of a path; empty for the root folder.
    ///
    ///     Paths.name(of: "a/b.txt")  // "b.txt"
    ///     Paths.name(of: "a/b/")     // "b"
    package static func name(of path: String) -> String {
        FilePath(path).lastComponent?.string ?? ""
    }

    /// The last part of a path without its extension.
    ///
    ///     Paths.stem(of: "a/b.txt")  // "b"
    package static func stem(of path: String) -> String {
        FilePath(path).lastComponent?.stem ?? ""
    }

    /// A path without `.`, `..` and double slashes.
    ///
    /// If a folder before `..` is a link, the result may differ from the file that the system
    /// finds.
    ///
    ///     Paths.normalized("a/./b//../c")  // "a/c"
    ///     Paths.normalized("a/..")         // "."
    package static func normalized(_ path: String) -> String {
        let path = FilePath(path).lexicallyNormalized()
        return path.isEmpty ? "." : path.string
    }

    /// `path`, taken relative to `folder`; an absolute path is unchanged.
    ///
    ///     Paths.absolute("a/b", in: "/home")  // "/home/a/b"
    ///     Paths.absolute("/a", in: "/home")   // "/a"
    package static func absolute(_ path: String, in folder: String) -> String {
        FilePath(folder).pushing(FilePath(path)).string
    }

    /// The way from `folder` to `path`; both must be absolute.
    ///
    ///     Paths.relative("/a/b/c", to: "/a/d")  // "../b/c"
    ///     Paths.relative("/a", to: "/a")        // "."
    package static func relative(_ path: String, to folder: String) -> String {
        let target = Array(FilePath(path).lexicallyNormalized().components)
        let start = Array(FilePath(folder).lexicallyNormalized().components)
        let shared = zip(target, start).prefix { $0 == $1 }.count
        let parts =
            Array(repeating: "..", count: start.count - shared)
            + target.dropFirst(shared).map(\.string)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// Whether `path` is inside `folder` or equal to it; both must be normalized.
    ///
    ///     Paths.lies("/a/b", in: "/a")   // true
    ///     Paths.lies("/ab", in: "/a")    // false
    package static func lies(_ path: String, in folder: String) -> Bool {
        FilePath(path).lexicallyNormalized().starts(with: FilePath(folder).lexicallyNormalized())
    }
}

import Files
import Testing

/// Expected values are those of dirname(1), basename(1) and Python's `os.path.normpath`.
@Suite struct PathsTests {
    @Test(arguments: [
        ("a/b.txt", "a", "b.txt"), ("b.txt", ".", "b.txt"), ("/b", "/", "b"), ("/", "/", ""),
        ("a/b/", "a", "b"), ("a//b", "a", "b"), ("../x", "..", "x"),
    ])
    func `The folder and the name of a path`(path: String, folder: String, name: String) {
        #expect(Paths.parent(of: path) == folder)
        #expect(Paths.name(of: path) == name)
    }

    @Test(arguments: [
        ("a/./b//../c", "a/c"), ("a/..", "."), ("", "."), ("../a/..", ".."), ("/../a", "/a"),
        ("./a/", "a"), ("/", "/"),
    ])
    func `A path is normalized without a look at the disk`(path: String, expected: String) {
        #expect(Paths.normalized(path) == expected)
    }

    @Test func `An absolute path does not depend on the folder`() {
        #expect(Paths.relative("/a/b/c", to: "/a/d") == "../b/c")
        #expect(Paths.relative("/a", to: "/a/./") == ".")
        #expect(Paths.relative("/x/y", to: "/a/b") == "../../x/y")
        #expect(Paths.absolute("a/b", in: "/home") == "/home/a/b")
        #expect(Paths.absolute("/a", in: "/home") == "/a")
    }

    @Test(arguments: [
        ("/a/b", "/a", true), ("/a", "/a", true), ("/ab", "/a", false), ("/a/../b", "/a", false),
        ("/a/b", "/a/", true), ("/", "/a", false), ("/x", "/", true),
    ])
    func `A path lies in a folder by its parts, not by its letters`(
        path: String, folder: String, expected: Bool
    ) {
        #expect(Paths.lies(path, in: folder) == expected)
    }
}

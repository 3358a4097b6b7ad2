import Files
import Foundation
import Testing

@Suite struct AtomicFileTests {
    private static let old = Array("old".utf8)
    private static let new = Array("new content".utf8)

    @Test func `A new file has its content, and nothing lies beside it`() throws {
        try withFolder { folder in
            try AtomicFile.write(Self.new, to: folder + "/a.txt")
            #expect(try content(folder + "/a.txt") == Self.new)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
        }
    }

    @Test(arguments: [0o600, 0o640, 0o444] as [mode_t])
    func `A replaced file keeps its permissions`(permissions: mode_t) throws {
        try withFolder { folder in
            let path = folder + "/a.txt"
            try AtomicFile.write(Self.old, to: path)
            #expect(chmod(path, permissions) == 0)
            try AtomicFile.write(Self.new, to: path, durably: false)
            #expect(try content(path) == Self.new)
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == permissions)
        }
    }

    @Test func `Whoever has the old file open goes on reading the old content`() throws {
        try withFolder { folder in
            let path = folder + "/a.txt"
            try AtomicFile.write(Self.old, to: path)
            let reader = try #require(FileHandle(forReadingAtPath: path))
            try AtomicFile.write(Self.new, to: path)
            #expect(try reader.readToEnd() == Data(Self.old))
        }
    }

    @Test func `A link stays, and the file it leads to is replaced`() throws {
        try withFolder { folder in
            try AtomicFile.write(Self.old, to: folder + "/a.txt")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: "a.txt")
            try AtomicFile.write(Self.new, to: folder + "/link")
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link")
                    == "a.txt")
            #expect(try content(folder + "/a.txt") == Self.new)
        }
    }

    @Test func `When writing fails the old file is unharmed and nothing is left behind`() throws {
        try withFolder { folder in
            let path = folder + "/a.txt"
            try AtomicFile.write(Self.old, to: path)
            // A folder with the name of the new file: this fails even for root.
            let partial = folder + "/.a.txt.partial"
            #expect(mkdir(partial, 0o755) == 0)
            #expect(throws: FileError(.open, path: path, number: EISDIR)) {
                try AtomicFile.write(Self.new, to: path)
            }
            #expect(try content(path) == Self.old)
            #expect(rmdir(partial) == 0)
            #expect(mkdir(folder + "/b", 0o755) == 0)
            #expect(throws: FileError(.rename, path: folder + "/b", number: EISDIR)) {
                try AtomicFile.write(Self.new, to: folder + "/b")
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "a.txt", "b",
                ])
        }
    }

    @Test func `A folder that does not exist is an error with the path as it was written`() {
        #expect(throws: FileError(.open, path: "/no/such/folder/a", number: ENOENT)) {
            try AtomicFile.write(Self.new, to: "/no/such/folder/a")
        }
    }

    @Test func `A full disk is an error`() {
        #expect(throws: FileError(.write, path: "/dev/full", number: ENOSPC)) {
            try AtomicFile.write(Self.new, to: "/dev/full")
        }
    }
}

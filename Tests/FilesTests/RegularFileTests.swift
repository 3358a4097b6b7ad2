import Files
import Foundation
import Testing

@Suite struct RegularFileTests {
    @Test func `A plain file is read whole, or not at all when its size is another`() throws {
        try withFolder { folder in
            let path = folder + "/a"
            try write("", to: path)
            #expect(try RegularFile.read(path) == .content([]))
            try write("12345", to: path)
            #expect(try RegularFile.read(path) == .content(Array("12345".utf8)))
            #expect(try RegularFile.read(path, expecting: 5) == .content(Array("12345".utf8)))
            #expect(try RegularFile.read(path, expecting: 4) == .size(5))
        }
    }

    @Test func `What is no plain file is told apart, and a named pipe keeps nobody waiting`() throws
    {
        try withFolder { folder in
            try write("x", to: folder + "/a")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: "a")
            #expect(mkfifo(folder + "/pipe", 0o644) == 0)
            for path in [folder, folder + "/link", folder + "/pipe", "/dev/null"] {
                #expect(try RegularFile.read(path) == .other, "\(path)")
            }
        }
    }

    @Test func `A file that is not there is missing, also when its folder is a file`() throws {
        try withFolder { folder in
            try write("x", to: folder + "/a")
            #expect(try RegularFile.read(folder + "/b") == .missing)
            #expect(try RegularFile.read(folder + "/a/b") == .missing)
        }
    }

    @Test func `A name that is too long is an error with the system's words`() {
        let path = "/" + String(repeating: "x", count: 300)
        let error = FileError(.open, path: path, number: ENAMETOOLONG)
        #expect(throws: error) { try RegularFile.read(path) }
        // The message of glibc, from its manual, "Error Codes".
        #expect(error.reason == "File name too long")
        #expect(error.description == "cannot open \(path): File name too long")
    }

    @Test func `A path with a zero byte is refused instead of cut`() {
        #expect(throws: FileError(.open, path: "/dev/null\0x", number: EINVAL)) {
            try RegularFile.read("/dev/null\0x")
        }
    }
}

import Files
import Foundation
import Testing

@Suite struct WritePlaceTests {
    @Test func `A device is special, all else a file`() throws {
        try withFolder { folder in
            #expect(WritePlace("/dev/null") == .special)
            #expect(WritePlace(folder + "/new") == .file(folder + "/new"))
            #expect(WritePlace(folder) == .file(folder))
        }
    }

    @Test func `The target of links counts, even if it does not exist`() throws {
        try withFolder { folder in
            #expect(symlink("second", folder + "/first") == 0)
            #expect(symlink("target", folder + "/second") == 0)
            #expect(WritePlace(folder + "/first") == .file(folder + "/target"))
        }
    }

    @Test func `Links in a circle end`() throws {
        try withFolder { folder in
            #expect(symlink("b", folder + "/a") == 0)
            #expect(symlink("a", folder + "/b") == 0)
            guard case .file = WritePlace(folder + "/a") else {
                Issue.record("a circle of links is no device")
                return
            }
        }
    }

    @Test func `A complete file is written into a named pipe, which stays`() throws {
        try withFolder { folder in
            let (pipe, file) = (folder + "/pipe", folder + "/file")
            #expect(mkfifo(pipe, 0o600) == 0)
            try AtomicFile.write(Array("content".utf8), to: file)
            // A pipe that is open for reading and writing waits for nobody.
            let reader = open(pipe, O_RDWR)
            defer { close(reader) }
            try AtomicFile.place(file, at: pipe)
            var bytes = [UInt8](repeating: 0, count: 20)
            #expect(read(reader, &bytes, 20) == 7)
            #expect(bytes.prefix(7) == ArraySlice("content".utf8))
            #expect(WritePlace(pipe) == .special)
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }
}

import Files
import Foundation
import Testing

@Suite struct FileLockTests {
    @Test func `A lock that another process holds is not given, and is given when that ends`()
        throws
    {
        try withFolder { folder in
            let path = folder + "/.lock"
            // flock(1) of util-linux holds the lock until its input ends.
            let other = Process()
            other.executableURL = URL(filePath: "/usr/bin/flock")
            other.arguments = ["--exclusive", path, "sh", "-c", "echo held; cat"]
            let (input, output) = (Pipe(), Pipe())
            other.standardInput = input
            other.standardOutput = output
            try other.run()
            let word = try output.fileHandleForReading.read(upToCount: 5)
            #expect(word == Data("held\n".utf8))
            #expect(try FileLock(on: path) == nil)
            try input.fileHandleForWriting.close()
            other.waitUntilExit()
            #expect(try FileLock(on: path) != nil)
        }
    }

    @Test func `A lock keeps other processes out until it is released`() throws {
        func isFree(_ path: String) throws -> Bool {
            let other = Process()
            other.executableURL = URL(filePath: "/usr/bin/flock")
            other.arguments = ["--nonblock", path, "true"]
            try other.run()
            other.waitUntilExit()
            return other.terminationStatus == 0
        }
        try withFolder { folder in
            let path = folder + "/.lock"
            var lock = try FileLock(on: path)
            #expect(try FileLock(on: path) == nil)
            #expect(try !isFree(path))
            try lock?.append(Array("a\n".utf8))
            try lock?.append(Array("b\n".utf8))
            #expect(try content(path) == Array("a\nb\n".utf8))
            lock = nil
            #expect(try isFree(path))
        }
    }

    @Test func `A lock in a folder that does not exist is an error`() {
        #expect(throws: FileError(.open, path: "/no/such/.lock", number: ENOENT)) {
            _ = try FileLock(on: "/no/such/.lock")
        }
    }
}

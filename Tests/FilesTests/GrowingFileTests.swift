import Files
import Foundation
import Testing

@Suite struct GrowingFileTests {
    @Test func `A file has its name when it is complete`() throws {
        try withFolder { folder in
            let file = try GrowingFile("\(folder)/part", tag: "host.1")
            try file.append([1, 2])
            try file.append([3])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder) == [
                    ".part.host.1.partial"
                ])
            try file.finish()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["part"])
            #expect(try content("\(folder)/part") == [1, 2, 3])
        }
    }

    @Test func `What is not finished leaves nothing`() throws {
        try withFolder { folder in
            for bytes in [[], [1] as [UInt8]] {
                try GrowingFile("\(folder)/part", tag: "host.1").append(bytes)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test func `Of two processes that write one file the last to finish counts`() throws {
        try withFolder { folder in
            let files = try ["one.1", "two.1"].map { try GrowingFile("\(folder)/part", tag: $0) }
            try files[0].append([1, 1])
            try files[1].append([2])
            try files[1].finish()
            try files[0].finish()
            #expect(try content("\(folder)/part") == [1, 1])
        }
    }

    @Test func `A folder that is missing is an error`() {
        #expect(throws: FileError(.open, path: "/nowhere/.part.a.partial", number: ENOENT)) {
            try GrowingFile("/nowhere/part", tag: "a")
        }
    }
}

import Files
import Foundation
import Testing

@Suite struct FoldersTests {
    @Test func `A folder is made with those above it, and made again without complaint`() throws {
        try withFolder { folder in
            try Folders.make(folder + "/a/b/c/")
            try Folders.make(folder + "/a/b/c")
            #expect(Folders.contain(folder + "/a/b/c"))
        }
    }

    @Test func `A file in the way of a folder is an error`() throws {
        try withFolder { folder in
            try write("", to: folder + "/a")
            let below = folder + "/a/b/c"
            #expect(throws: FileError(.makeFolder, path: below, number: ENOTDIR)) {
                try Folders.make(below)
            }
            #expect(throws: FileError(.makeFolder, path: folder + "/a", number: EEXIST)) {
                try Folders.make(folder + "/a")
            }
        }
    }

    @Test func `Files below a folder are listed as find lists them, and links are not followed`()
        throws
    {
        try withFolder { folder in
            for path in ["a", "b/c", "b/d"] { try Folders.make(folder + "/" + path) }
            for path in ["1", "b/2", "b/c/3", "b/.hidden"] {
                try write("", to: folder + "/" + path)
            }
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/loop", withDestinationPath: ".")
            let find = Process()
            find.executableURL = URL(filePath: "/usr/bin/find")
            find.arguments = [folder, "!", "-type", "d", "-printf", "%P\n"]
            let output = Pipe()
            find.standardOutput = output
            try find.run()
            let listed = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            find.waitUntilExit()
            #expect(
                try Folders.files(below: folder).sorted()
                    == listed.split(separator: "\n").map(String.init).sorted())
            #expect(
                try Folders.files(below: folder) { $0 != "b/c" }.sorted()
                    == ["1", "b/.hidden", "b/2", "loop"])
        }
    }

    @Test func `A folder that does not exist cannot be listed`() {
        #expect(throws: FileError(.list, path: "/no/such/", number: ENOENT)) {
            try Folders.files(below: "/no/such")
        }
    }
}

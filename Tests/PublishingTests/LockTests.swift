import Foundation
import Publishing
import Testing

extension RealRsync {
    @Suite struct LockTests {
        private func lock(_ folder: TestFolder) -> String {
            folder.share + "/.geoatlas-publish.lock"
        }

        private var host: String {
            get throws {
                try #require(FileManager.default.contents(atPath: "/proc/sys/kernel/hostname"))
                    .split(separator: 10).map { String(decoding: $0, as: UTF8.self) }.joined()
            }
        }

        private func refusal(_ text: String) throws -> (PublishingError, TestFolder) {
            let folder = try TestFolder()
            try folder.build(["index.html": "front"])
            try folder.write(text, to: "share/.geoatlas-publish.lock")
            let error = try #require(throws: PublishingError.self) { try folder.publish() }
            #expect(folder.read("share/.geoatlas-publish.lock") == text)
            #expect(folder.read("share/index.html") == nil)
            return (error, folder)
        }

        @Test("While one publishes, another is told who")
        func running() throws {
            let process = ProcessInfo.processInfo.processIdentifier
            let (error, folder) = try refusal("\(try host) \(process)\n")
            #expect(
                error
                    == .locked(
                        lock: lock(folder), holder: .running(host: try host, process: process)))
            #expect(
                error.description
                    == "Process \(process) on \(try host) is publishing there. Wait for it; "
                    + "if it is something else, remove \(lock(folder)) and publish again.")
        }

        @Test("A lock is taken over when its owner on this machine has ended")
        func ended() throws {
            let folder = try TestFolder()
            try folder.build(["index.html": "front"])
            // Higher than every process number of Linux (proc(5): pid_max is at most 2^22).
            try folder.write("\(try host) 4194305\n", to: "share/.geoatlas-publish.lock")
            _ = try folder.publish()
            #expect(folder.read("share/index.html") == "front")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.share)
            #expect(left.filter { $0.hasPrefix(".geoatlas") } == [])
        }

        @Test("Of a lock of another machine it is not guessed whether it is held")
        func elsewhere() throws {
            let (error, folder) = try refusal("no-such-host 1\n")
            #expect(
                error
                    == .locked(
                        lock: lock(folder), holder: .elsewhere(host: "no-such-host", process: 1)))
        }

        @Test("A lock that says nothing locks too", arguments: ["", "host", "host -4", "a b c"])
        func unknown(text: String) throws {
            let (error, folder) = try refusal(text)
            #expect(error == .locked(lock: lock(folder), holder: .unknown))
        }

        @Test(
            "The lock is held while rsync runs, and gone afterwards, failed or not",
            arguments: [0, 12])
        func released(status: Int) throws {
            let folder = try TestFolder()
            try folder.build(["index.html": "front"])
            let path = try folder.rsync(
                "cat '\(lock(folder))' > \"$here/seen\"; [ \(status) = 0 ] || exit \(status)")
            do {
                try folder.publish(searchPath: path)
                #expect(status == 0)
            } catch {
                #expect(status == 12)
            }
            let process = ProcessInfo.processInfo.processIdentifier
            #expect(folder.read("bin/seen") == "\(try host) \(process)\n")
            #expect(folder.read("share/.geoatlas-publish.lock") == nil)
        }
    }
}

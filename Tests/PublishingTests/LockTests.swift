import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    @Suite struct LockTests {
        private func lock(_ folder: TestFolder) -> String {
            folder.share + "/.geoatlas-publish.lock"
        }

        private static func host() throws -> String {
            try #require(FileManager.default.contents(atPath: "/proc/sys/kernel/hostname"))
                .split(separator: 10).map { String(decoding: $0, as: UTF8.self) }.joined()
        }

        /// The words of a lock that this process makes.
        private static func words() -> [String] {
            LockRecord.own().split(separator: " ").map(String.init)
        }

        /// A lock like that of this process, with some words replaced.
        private static func text(_ changes: [Int: String]) -> String {
            var words = words()
            for (index, word) in changes { words[index] = word }
            return words.joined(separator: " ") + "\n"
        }

        private func locked(_ text: String) throws -> TestFolder {
            let folder = try TestFolder()
            try folder.build(["index.html": "front"])
            try folder.write(text, to: "share/.geoatlas-publish.lock")
            return folder
        }

        private func refusal(_ text: String) throws -> (PublishingError, TestFolder) {
            let folder = try locked(text)
            let error = try #require(throws: PublishingError.self) { try folder.publish() }
            #expect(folder.read("share/.geoatlas-publish.lock") == text)
            #expect(folder.read("share/index.html") == nil)
            return (error, folder)
        }

        private func expectTaken(_ text: String, _ wishes: [TestFolder.Wish] = []) throws {
            let folder = try locked(text)
            try folder.publish(wishes)
            #expect(folder.read("share/index.html") == "front")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.share)
            #expect(left.filter { $0.hasPrefix(".geoatlas") } == [])
        }

        @Test("While one publishes, another is told who, also with --break-lock")
        func running() throws {
            let process = ProcessInfo.processInfo.processIdentifier
            for text in ["\(try Self.host()) \(process)\n", Self.text([:])] {
                let (error, folder) = try refusal(text)
                #expect(
                    error
                        == .locked(
                            lock: lock(folder),
                            holder: .running(host: try Self.host(), process: process)))
                #expect(throws: error) { try folder.publish([.breakLock]) }
            }
        }

        /// Higher than every process number of Linux (proc(5): pid_max is at most 2^22).
        @Test("A lock is taken over when its owner on this machine has ended")
        func ended() throws {
            try expectTaken("\(try Self.host()) 4194305\n")
            try expectTaken(Self.text([1: "4194305"]))
        }

        @Test("A process that got the number of the owner is not the owner")
        func numberUsedAgain() throws {
            try expectTaken(Self.text([5: "1"]))
        }

        @Test("After a restart of this machine its lock is taken over when it stays silent")
        func restarted() throws {
            try expectTaken(Self.text([4: "another-boot/1"]))
        }

        @Test("A silent lock of another machine is taken with --break-lock only")
        func silent() throws {
            let text = Self.text([0: "no-such-host", 1: "7", 2: "2026-11-28T19:40:00Z"])
            let (error, folder) = try refusal(text)
            #expect(
                error
                    == .locked(
                        lock: lock(folder),
                        holder: .silent(
                            host: "no-such-host", process: 7, started: "2026-11-28T19:40:00Z")))
            #expect(
                error.description
                    == "Process 7 on no-such-host has locked the destination since "
                    + "2026-11-28T19:40:00Z and gives no sign of life. If it does not run any more, "
                    + "publish with --break-lock.")
            try expectTaken(text, [.breakLock])
            try expectTaken("no-such-host 7\n", [.breakLock])
        }

        @Test("The owner of a lock of another machine lives as long as signs are added to the lock")
        func alive() throws {
            let folder = try locked(Self.text([0: "no-such-host", 1: "7"]))
            let lock = lock(folder)
            let file = try FileHandle(forWritingTo: URL(filePath: lock))
            // On a queue of its own, because all threads of tasks may be waiting in other tests.
            let owner = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "owner"))
            owner.schedule(deadline: .now(), repeating: .milliseconds(20))
            owner.setEventHandler {
                _ = try? file.seekToEnd()
                try? file.write(contentsOf: Data(".".utf8))
            }
            owner.activate()
            defer { owner.cancel() }
            let error = PublishingError.locked(
                lock: lock, holder: .alive(host: "no-such-host", process: 7))
            #expect(throws: error) { try folder.publish() }
        }

        @Test("An empty lock is taken over when it stays so: its publisher was killed at once")
        func empty() throws { try expectTaken("") }

        @Test("A lock that says nothing locks too", arguments: ["\n", "host", "host -4", "a b c"])
        func unknown(text: String) throws {
            let (error, folder) = try refusal(text)
            #expect(error == .locked(lock: lock(folder), holder: .unknown))
            try expectTaken(text, [.breakLock])
        }

        @Test(
            "The lock is held while rsync runs, and gone afterwards, failed or not",
            arguments: [0, 12])
        func released(status: Int) throws {
            let folder = try TestFolder()
            try folder.build(["index.html": "front"])
            let share = try folder.remoteShare()
            let path = try folder.rsync(
                "cat '\(lock(folder))' > \"$here/seen\"; [ \(status) = 0 ] || exit \(status)")
            do {
                try folder.publish(to: share, searchPath: path)
                #expect(status == 0)
            } catch {
                #expect(status == 12)
            }
            let process = ProcessInfo.processInfo.processIdentifier
            let seen = try #require(folder.read("bin/seen"))
            #expect(seen.hasPrefix("\(try Self.host()) \(process) "))
            #expect(folder.read("share/.geoatlas-publish.lock") == nil)
        }

        @Test("A publisher whose lock another one took stops, and leaves that lock alone")
        func lost() throws {
            let folder = try TestFolder()
            try folder.build(["index.html": "front"])
            let share = try folder.remoteShare()
            let path = try folder.rsync("echo other 1 > '\(lock(folder))'; exec sleep 60")
            let name = share + "/.geoatlas-publish.lock"
            #expect(throws: PublishingError.lockLost(lock: name)) {
                try folder.publish(to: share, searchPath: path)
            }
            #expect(folder.read("share/.geoatlas-publish.lock") == "other 1\n")
        }

        @Test("A lock made over ssh is one for a local publisher too, and the other way round")
        func bothWays() throws {
            let folder = try locked(Self.text([0: "no-such-host", 1: "7"]))
            let share = try folder.remoteShare()
            #expect(
                throws: PublishingError.locked(
                    lock: share + "/.geoatlas-publish.lock",
                    holder: .silent(
                        host: "no-such-host", process: 7, started: Self.words()[2]))
            ) { try folder.publish(to: share) }
            try folder.publish(to: share, [.breakLock])
            #expect(folder.read("share/index.html") == "front")
            #expect(folder.read("share/.geoatlas-publish.lock") == nil)
        }
    }
}

@Suite struct LockRecordTests {
    @Test("A line gives host, process, time, system and start; an old one host and process")
    func parsed() throws {
        let record = try #require(LockRecord("pc 12 2026-11-28T19:40:00Z ab b/n 99 ssh\n..."))
        #expect(record.host == "pc")
        #expect(record.process == 12)
        #expect(record.started == "2026-11-28T19:40:00Z")
        #expect(record.system == "b/n")
        #expect(record.born == "99")
        #expect(record.line == "pc 12 2026-11-28T19:40:00Z ab b/n 99 ssh")
        #expect(record.isOverSSH)
        #expect(try #require(LockRecord("pc 12\n")).started == nil)
        #expect(LockRecord("pc 0") == nil)
        #expect(LockRecord("") == nil)
    }
}

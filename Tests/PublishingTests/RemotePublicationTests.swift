import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    /// Publications over ssh.
    @Suite struct RemotePublicationTests {
        @Test(
            "A server of the rsync protocol is refused: it has no locks",
            arguments: ["host::module/path", "rsync://host/module"])
        func rsyncServer(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            #expect(throws: PublishingError.rsyncServer(destination)) {
                try folder.publish(to: destination)
            }
        }

        @Test("Without rsync or ssh it is said how to get them; a folder needs neither")
        func programsMissing() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            #expect(throws: PublishingError.rsyncMissing) {
                try folder.publish(to: "host:share", searchPath: folder.path)
            }
            let path = try folder.rsync("")
            #expect(
                throws: PublishingError.notStarted(
                    program: folder.path + "/bin/shell", reason: "No such file or directory")
            ) { try folder.publish(to: "host:share", searchPath: path) }
            try folder.publish(searchPath: folder.path)
            #expect(try folder.check(folder.share) == [])
        }

        @Test("A host that cannot be reached is named with the words of ssh")
        func unreachable() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.script("shell", "echo \"ssh: no route, asked for $1.\" >&2; exit 255")
            let error = PublishingError.notConnected(
                destination: "host:", text: "ssh: no route, asked for host")
            #expect(throws: error) { try folder.publish(to: "host:") }
            #expect(error.description.contains("failed: ssh: no route, asked for host. Check"))
        }

        @Test("Another machine is published to as a folder is, whatever its folder is called")
        func remote() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            let place = folder.path + "/far 'a\"way $x/größe -n/-share"
            let share = try folder.remoteShare().replacing(folder.share, with: place)
            let first = try folder.publish(to: share)
            #expect(first.sent == 7)
            #expect(try folder.check(place) == [])
            #expect(try folder.publish(to: share) == .init(sent: 0, kept: 7))
            try folder.build(Editions.second)
            try FileManager.default.createDirectory(
                atPath: place + "/votes", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: place + "/votes/1.jsonl"))
            let result = try folder.publish(to: share)
            #expect(result.sent == 5)
            #expect(result.waiting == 2)
            #expect(try folder.publish(to: share).removed == 2)
            #expect(try folder.check(place) == [])
            #expect(FileManager.default.fileExists(atPath: place + "/votes/1.jsonl"))
            let hidden = try FileManager.default.contentsOfDirectory(atPath: place)
            #expect(hidden.filter { $0.hasPrefix(".") } == [])
        }

        @Test("Names that shells and xargs treat as more than text are published and removed")
        func names() throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            var names: [String: String] = ["index.html": "front"]
            for name in [
                "p/*.jpg", "p/[ab].jpg", "p/c?", "p/it's", "p/a \"b\"", "p/ x", "p/-- end --",
                "p/$(date)", "p/größe.岩", "p/#", "p/~", "-n",
            ] { names[name] = name }
            try folder.build(names)
            try folder.publish(to: share)
            #expect(try folder.check(folder.share) == [])
            for name in ["a.jpg", "b.jpg", "cd"] { try folder.write("mine", to: "share/p/" + name) }
            try folder.build(["index.html": "front"])
            #expect(try folder.publish(to: share, [.removeNow]).removed == 12)
            #expect(
                try folder.files("share")
                    == ["index.html", "manifest.json", "p/a.jpg", "p/b.jpg", "p/cd"])
        }

        @Test("Files of another site on another machine are not overwritten")
        func remoteTaken() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            let place = try folder.remoteShare().replacing("/share", with: "/far/share")
            try folder.write("mine", to: "far/share/rocks/2.html")
            try folder.write("{\"name\": \"site\"}", to: "far/share/staff/manifest.json")
            func expect(taken first: String) throws {
                let before = try folder.files("far")
                #expect(
                    throws: PublishingError.destinationTaken(destination: place, path: first)
                ) { try folder.publish(to: place) }
                #expect(try folder.files("far") == before)
            }
            try expect(taken: "rocks/2.html")
            // The manifest of a web application does not belong to an atlas.
            try folder.write("{\"name\": \"site\"}", to: "far/share/manifest.json")
            try expect(taken: "manifest.json")
            // Neither a link nor a folder may be removed.
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/far/share/index.html", withDestinationPath: "home.html")
            try expect(taken: "index.html")
            try FileManager.default.removeItem(atPath: folder.path + "/far/share/index.html")
            try folder.write("", to: "far/share/index.html/mine")
            try expect(taken: "index.html")
            #expect(folder.read("far/share/rocks/2.html") == "mine")
        }
    }
}
